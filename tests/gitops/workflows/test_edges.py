"""Every `needs` and `if` of the shipped workflows, over every way the jobs before can end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest

from blueprint import paths
from blueprint.workflows import duties, expressions, graph
from blueprint.workflows.graph import Situation
from blueprint.workflows.model import Workflow

Workflows = Mapping[str, Workflow]

REPOSITORY = "acme/orders"
SET_UP = {"ENVIRONMENTS": '["dev", "staging", "prod"]', "PREVIEW_ROLE_ARN": "arn"}
ENVIRONMENTS = ("", "dev", "staging", "prod")


@dataclass(frozen=True)
class Scenario:
    """An event, and what the jobs of its run may answer: job -> output -> each value to try."""

    name: str
    file: str
    contexts: Mapping[str, Any]
    outputs: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def answers(self) -> Iterator[dict[str, dict[str, str]]]:
        keys = [(job, name) for job, named in self.outputs.items() for name in named]
        values = [self.outputs[job][name] for job, name in keys]
        for chosen in product(*values):
            answer: dict[str, dict[str, str]] = {}
            for (job, name), value in zip(keys, chosen, strict=True):
                answer.setdefault(job, {})[name] = value
            yield answer


def github(event: str, ref: str = "refs/heads/main", **payload: Any) -> dict[str, Any]:
    ref_type = "tag" if ref.startswith("refs/tags/") else "branch"
    return {
        "event_name": event,
        "ref": ref,
        "ref_type": ref_type,
        "repository": REPOSITORY,
        "event": payload,
    }


def pull(*labels: str, fork: bool = False) -> dict[str, Any]:
    return {
        "number": 7,
        "labels": [{"name": label} for label in labels],
        "head": {"repo": {"full_name": "somebody/orders" if fork else REPOSITORY}},
    }


def contexts(
    github: dict[str, Any],
    variables: Mapping[str, str] = SET_UP,
    inputs: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    return {"github": github, "vars": variables, "inputs": inputs or {}}


RESOLVED = {"resolve": {"environment": ENVIRONMENTS, "commit": ("c",)}}
PLANNED = {"plan": {"removed": ("0", "2", ""), "digest": ("d",)}}
DEPLOYED = RESOLVED | {f"apply/{job}": outputs for job, outputs in PLANNED.items()}


def called(environment: str, *, backwards: bool) -> dict[str, Any]:
    inputs = {"environment": environment, "commit": "c", "reviewed": "", "backwards": backwards}
    return contexts(github("push"), inputs=inputs)


PREVIEWS = [
    Scenario(
        f"{action}, {'of a fork' if fork else 'own'}, labels {labels}, label {label}",
        "preview.yml",
        contexts(
            github(
                "pull_request",
                action=action,
                label={"name": label},
                pull_request=pull(*labels, fork=fork),
            )
        ),
    )
    for action, fork, labels, label in product(
        ("labeled", "unlabeled", "synchronize", "reopened", "closed"),
        (False, True),
        ((), ("preview",), ("bug", "Preview")),
        ("preview", "bug"),
    )
]
SCENARIOS = [
    Scenario("a pull request", "pr.yml", contexts(github("pull_request", pull_request=pull()))),
    Scenario(
        "a fork's pull request",
        "pr.yml",
        contexts(github("pull_request", pull_request=pull(fork=True))),
    ),
    Scenario("a merge group", "pr.yml", contexts(github("merge_group"))),
    Scenario(
        "a pull request before accounts are set up",
        "pr.yml",
        contexts(github("pull_request", pull_request=pull()), {}),
    ),
    Scenario(
        "a fork's pull request before accounts are set up",
        "pr.yml",
        contexts(github("pull_request", pull_request=pull(fork=True)), {}),
    ),
    Scenario(
        "a merge group before accounts are set up", "pr.yml", contexts(github("merge_group"), {})
    ),
    Scenario("checks of a push", "checks.yml", contexts(github("push"))),
    Scenario("a push to main", "deploy.yml", contexts(github("push")), DEPLOYED),
    Scenario("a tag", "deploy.yml", contexts(github("push", "refs/tags/v1.2.3")), DEPLOYED),
    Scenario(
        "a dispatch",
        "deploy.yml",
        contexts(
            github("workflow_dispatch", "refs/tags/v1.2.3"),
            inputs={"environment": "prod", "reviewed": ""},
        ),
        DEPLOYED,
    ),
    Scenario(
        "a push before accounts are set up", "deploy.yml", contexts(github("push"), {}), DEPLOYED
    ),
    Scenario(
        "a rollback",
        "rollback.yml",
        contexts(
            github("workflow_dispatch"), inputs={"environment": "prod", "to": "", "reviewed": ""}
        ),
        DEPLOYED,
    ),
    *(
        Scenario(
            f"apply.yml called for {name}{', backwards' if backwards else ''}",
            "apply.yml",
            called(name, backwards=backwards),
            PLANNED,
        )
        for name in ("dev", "staging", "prod")
        for backwards in (False, True)
    ),
    Scenario("destroy.yml called", "destroy.yml", called("prod", backwards=False)),
    Scenario(
        "the drift schedule",
        "drift.yml",
        contexts(github("schedule")),
        {"deployed": {"environments": ("[]", '["dev"]', "")}},
    ),
    Scenario(
        "the drift schedule before accounts are set up",
        "drift.yml",
        contexts(github("schedule"), {}),
    ),
    Scenario("the sweep", "preview-sweep.yml", contexts(github("schedule"))),
    Scenario(
        "the sweep before accounts are set up",
        "preview-sweep.yml",
        contexts(github("schedule"), {}),
    ),
    Scenario(
        "a load test",
        "load-test.yml",
        contexts(github("workflow_dispatch"), inputs={"environment": "dev", "profile": "smoke"}),
    ),
    *PREVIEWS,
]
NOT_SET_UP = [scenario for scenario in SCENARIOS if not scenario.contexts["vars"]]
DEPLOYMENTS = [one for one in SCENARIOS if one.file in {"deploy.yml", "rollback.yml"}]
OF_PR = [one for one in SCENARIOS if one.file == "pr.yml"]


def named(scenarios: list[Scenario]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("scenario", scenarios, ids=lambda one: one.name)


def situations(shipped: Workflows, scenario: Scenario, job: str) -> Iterator[Situation]:
    """Every situation GitHub could look at a job in, reachable or not."""
    for outputs in scenario.answers():
        yield from graph.situations(shipped[scenario.file], job, scenario.contexts, outputs)


Run = tuple[dict[str, dict[str, str]], dict[str, str]]
_runs: dict[str, list[Run]] = {}


def runs(shipped: Workflows, scenario: Scenario) -> list[Run]:
    """Every way a run can go, with what its jobs answered."""
    if scenario.name not in _runs:
        _runs[scenario.name] = [
            (outputs, run)
            for outputs in scenario.answers()
            for run in graph.executions(shipped, scenario.file, scenario.contexts, outputs)
        ]
    return _runs[scenario.name]


def ran(run: Mapping[str, str], job: str) -> bool:
    return run.get(job, "skipped") != "skipped"


def is_fork(scenario: Scenario) -> bool:
    event = scenario.contexts["github"]["event"]
    return "pull_request" in event and event["pull_request"] == pull(
        *(label["name"] for label in event["pull_request"]["labels"]), fork=True
    )


def test_every_workflow_has_a_scenario_and_each_its_name(shipped: Workflows) -> None:
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS)
    assert {scenario.file for scenario in SCENARIOS} == set(shipped)


def test_how_much_is_enumerated(shipped: Workflows, capsys: pytest.CaptureFixture[str]) -> None:
    edges = sum(
        1
        for scenario in SCENARIOS
        for job in shipped[scenario.file].jobs
        for _ in situations(shipped, scenario, job)
    )
    ways = sum(len(runs(shipped, scenario)) for scenario in SCENARIOS)
    jobs = sum(len(workflow.jobs) for workflow in shipped.values())
    with capsys.disabled():
        print(
            f"\n{len(shipped)} workflows, {jobs} jobs, {len(SCENARIOS)} scenarios: "
            f"{edges} situations of a job, {ways} ways a run can go"
        )

    assert edges > 40_000
    assert ways > 2_000


@named(SCENARIOS)
def test_a_job_with_credentials_starts_only_when_all_before_it_succeeded(
    shipped: Workflows, scenario: Scenario
) -> None:
    workflow = shipped[scenario.file]
    for name, job in workflow.jobs.items():
        if "id-token" not in (job.permissions or {}):
            continue
        for situation in situations(shipped, scenario, name):
            if graph.starts(workflow, name, situation):
                assert set(situation.results.values()) <= {"success"}, (name, situation)
                assert not situation.cancelled, (name, situation)


@named(DEPLOYMENTS)
def test_nothing_is_applied_without_promotion_rules_and_plan(
    shipped: Workflows, scenario: Scenario
) -> None:
    reached = set()
    for outputs, run in runs(shipped, scenario):
        if ran(run, "apply/apply"):
            assert run["resolve"] == "success"
            assert run["apply/plan"] == "success"
            assert outputs["resolve"]["environment"] != ""
            reached.add(outputs["resolve"]["environment"])

    # The enumeration does reach the jobs it speaks of.
    assert reached == (set() if scenario in NOT_SET_UP else {"dev", "staging", "prod"})


@named(DEPLOYMENTS)
def test_what_is_verified_was_applied(shipped: Workflows, scenario: Scenario) -> None:
    for _, run in runs(shipped, scenario):
        if ran(run, "apply/verify"):
            assert run["apply/apply"] == "success"


@named(DEPLOYMENTS)
def test_nothing_is_destroyed_before_the_apply_was_verified(
    shipped: Workflows, scenario: Scenario
) -> None:
    for outputs, run in runs(shipped, scenario):
        if ran(run, "apply/destroy/destroy"):
            assert run["apply/apply"] == run["apply/verify"] == "success"
            assert outputs["apply/plan"]["removed"] != "0"


@named(DEPLOYMENTS)
def test_the_pointer_moves_only_when_everything_has_converged(
    shipped: Workflows, scenario: Scenario
) -> None:
    moved = 0
    for outputs, run in runs(shipped, scenario):
        if ran(run, "apply/record"):
            moved += 1
            assert run["apply/plan"] == run["apply/apply"] == run["apply/verify"] == "success"
            if outputs["apply/plan"]["removed"] != "0":
                assert run["apply/destroy"] == run["apply/destroy/destroy"] == "success"

    assert (moved > 0) is (scenario not in NOT_SET_UP)


def test_the_pointer_moves_only_when_everything_has_converged_whatever_else_happens(
    shipped: Workflows,
) -> None:
    workflow = shipped["apply.yml"]
    moved = 0
    for scenario in (one for one in SCENARIOS if one.file == "apply.yml"):
        for situation in situations(shipped, scenario, "record"):
            if graph.starts(workflow, "record", situation):
                moved += 1
                ended = situation.results
                assert ended["plan"] == ended["apply"] == ended["verify"] == "success"
                assert ended["destroy"] == "success" or (
                    ended["destroy"] == "skipped" and situation.outputs["plan"]["removed"] == "0"
                )

    assert moved > 0


@named(DEPLOYMENTS)
def test_a_failed_deployment_is_reported_and_only_a_recorded_one_heals(
    shipped: Workflows, scenario: Scenario
) -> None:
    steps = ("plan", "apply", "verify", "destroy", "record")
    for _, run in runs(shipped, scenario):
        if any(run.get(f"apply/{step}") == "failure" for step in steps):
            assert ran(run, "apply/failed"), run
        if ran(run, "apply/healed"):
            assert run["apply/record"] == "success", run


@named([one for one in DEPLOYMENTS if one.file == "deploy.yml"])
def test_a_release_is_published_only_when_prod_runs_its_tag(
    shipped: Workflows, scenario: Scenario
) -> None:
    published = 0
    for outputs, run in runs(shipped, scenario):
        if ran(run, "notes"):
            published += 1
            assert run["apply/record"] == "success", run
            assert outputs["resolve"]["environment"] == "prod"
            assert scenario.contexts["github"]["ref_type"] == "tag"

    tagged = scenario.contexts["github"]["ref_type"] == "tag"
    assert (published > 0) is tagged


@named(SCENARIOS)
def test_before_accounts_are_set_up_and_for_forks_nothing_meets_credentials(
    shipped: Workflows, scenario: Scenario
) -> None:
    if scenario not in NOT_SET_UP and not is_fork(scenario):
        with_credentials = {
            path for _, run in runs(shipped, scenario) for path in run if ran(run, path)
        }
        assert with_credentials or scenario in PREVIEWS
        return
    for _, run in runs(shipped, scenario):
        for job in run:
            if ran(run, job):
                assert "id-token" not in (shipped[scenario.file].jobs[job].permissions or {}), run


def test_who_writes_to_github_never_meets_the_cloud() -> None:
    both = [
        f"{file}: {job}"
        for file, entries in duties.read(paths.ROOT).items()
        for job, duty in entries.items()
        if duty.role and "write" in {**duty.permissions, "id-token": ""}.values()
    ]

    assert both == []


@named(OF_PR)
def test_the_gate_is_green_exactly_when_all_that_had_to_run_succeeded(
    shipped: Workflows, scenario: Scenario
) -> None:
    workflow = shipped["pr.yml"]
    (step,) = workflow.jobs["gate"].steps
    fork = is_fork(scenario)
    commented = scenario.contexts["github"]["event_name"] == "pull_request"
    expected = {"guard": "success", "packages": "success"}
    if fork:
        expected |= {"plan": "skipped", "emulated-plan": "success", "comment": "skipped"}
    elif scenario in NOT_SET_UP:
        expected |= {"plan": "skipped", "emulated-plan": "skipped", "comment": "skipped"}
    else:
        expected |= {
            "plan": "success",
            "emulated-plan": "skipped",
            "comment": "success" if commented else "skipped",
        }
    green = []
    for situation in situations(shipped, scenario, "gate"):
        assert graph.starts(
            workflow, "gate", situation
        )  # GitHub takes a skipped check for a passed one
        seen = graph.scope(workflow, "gate", situation)
        if expressions.render(step.content["env"]["PASSED"], seen) is True:
            green.append(dict(situation.results))

    assert green == [expected] * 2  # of a run that was cancelled after all had succeeded, too


@named(OF_PR)
def test_a_run_in_which_nothing_went_wrong_is_green(shipped: Workflows, scenario: Scenario) -> None:
    workflow = shipped["pr.yml"]
    (step,) = workflow.jobs["gate"].steps
    fine = 0
    for _, run in runs(shipped, scenario):
        before = {name: result for name, result in run.items() if name != "gate"}
        if set(before.values()) <= {"success", "skipped"} and ran(run, "packages"):
            seen = graph.scope(workflow, "gate", Situation(scenario.contexts, before))
            passed = expressions.render(step.content["env"]["PASSED"], seen)
            fine += passed is True
            # The rest was cancelled before a job could start, which no result tells.
            assert passed is True or "skipped" in before.values()

    assert fine > 0


@named(OF_PR)
def test_a_plan_that_failed_is_commented_on(shipped: Workflows, scenario: Scenario) -> None:
    workflow = shipped["pr.yml"]
    wanted = scenario.contexts["github"]["event_name"] == "pull_request"
    for situation in situations(shipped, scenario, "comment"):
        if situation.results["plan"] in {"success", "failure"} and not situation.cancelled:
            assert graph.starts(workflow, "comment", situation) is wanted
        else:
            assert not graph.starts(workflow, "comment", situation)


@named(PREVIEWS)
def test_a_preview_is_up_while_the_label_is_there_and_goes_with_it(
    shipped: Workflows, scenario: Scenario
) -> None:
    event = scenario.contexts["github"]["event"]
    labelled = {"name": "preview"} in event["pull_request"]["labels"] or {
        "name": "Preview"
    } in event["pull_request"]["labels"]
    own = not is_fork(scenario)
    up = own and labelled and event["action"] not in {"closed", "unlabeled"}
    down = own and (
        (event["action"] == "closed" and labelled)
        or (event["action"] == "unlabeled" and event["label"]["name"] == "preview")
    )
    started = {job for _, run in runs(shipped, scenario) for job in run if ran(run, job)}

    assert started == ({"packages", "up"} if up else set()) | ({"down"} if down else set())


def test_issues_about_drift_are_kept_up_where_one_environment_could_not_be_planned(
    shipped: Workflows,
) -> None:
    (scenario, _) = (one for one in SCENARIOS if one.file == "drift.yml")
    kept: set[str] = set()
    for _, run in runs(shipped, scenario):
        if ran(run, "issue"):
            kept.add(run["drift"])

    assert kept == {"success", "failure"}
