"""Which jobs start, given how those before them ended."""

from typing import Any

import pytest

from blueprint.errors import UsageError
from blueprint.workflows import graph, rules
from blueprint.workflows.graph import Situation
from blueprint.workflows.model import Workflow
from tests.gitops.workflows.conftest import Write

CONTEXTS: dict[str, Any] = {"github": {}, "vars": {}, "inputs": {}}


def started(workflow: Workflow, **ends: str) -> set[str]:
    """The jobs that start in a run in which those of `ends` end so, and all others succeed."""
    results: dict[str, str] = {}
    for name in graph.order(workflow):
        runs = graph.starts(workflow, name, Situation(CONTEXTS, results))
        results[name] = ends.get(name, "success") if runs else "skipped"
    return {name for name, result in results.items() if result != "skipped"}


def chain(write: Write, condition: str) -> Workflow:
    """a, then b, then c with `condition`."""
    return write(
        f"""
        on: push
        jobs:
          a: {{runs-on: x}}
          b: {{runs-on: x, needs: a}}
          c: {{runs-on: x, needs: b, if: "{condition}"}}
        """
    )


@pytest.mark.parametrize(
    ("condition", "a_ends", "starts"),
    [
        ("success()", "success", True),
        ("success()", "failure", False),
        ("true", "failure", False),  # success() is added
        ("failure()", "failure", True),  # of any job before, not of the direct need only
        ("failure()", "success", False),
        ("always()", "failure", True),
        ("!cancelled()", "failure", True),
        ("always() && needs.b.result == 'success'", "failure", False),
        ("always() && needs.b.result == 'skipped'", "failure", True),
        ("success() || failure()", "failure", True),
    ],
)
def test_a_job_two_behind_starts(
    write: Write, condition: str, a_ends: str, *, starts: bool
) -> None:
    assert ("c" in started(chain(write, condition), a=a_ends)) is starts


def test_a_skipped_job_skips_everything_behind_it_even_past_one_that_ran(write: Write) -> None:
    workflow = write(
        """
        on: push
        jobs:
          a: {runs-on: x, if: "false"}
          b: {runs-on: x, needs: a, if: always()}
          c: {runs-on: x, needs: b}
          d: {runs-on: x, needs: b, if: "!cancelled() && needs.b.result == 'success'"}
        """
    )

    assert started(workflow) == {"b", "d"}


def test_a_cancelled_run_starts_only_what_asks_for_it(write: Write) -> None:
    workflow = write(
        """
        on: push
        jobs:
          a: {runs-on: x}
          b: {runs-on: x, needs: a}
          c: {runs-on: x, needs: a, if: "!cancelled()"}
          d: {runs-on: x, needs: a, if: cancelled()}
          e: {runs-on: x, needs: a, if: always()}
        """
    )
    situation = Situation(CONTEXTS, {"a": "success"}, cancelled=True)

    assert [name for name in "bcde" if graph.starts(workflow, name, situation)] == ["d", "e"]


def test_outputs_are_those_of_direct_needs(write: Write) -> None:
    workflow = write(
        """
        on: push
        jobs:
          a: {runs-on: x}
          b: {runs-on: x, needs: a, if: needs.a.outputs.n == '1'}
          c: {runs-on: x, needs: b, if: always() && needs.a.outputs.n == '1'}
        """
    )
    situation = Situation(CONTEXTS, {"a": "success", "b": "success"}, {"a": {"n": "1"}})

    assert graph.starts(workflow, "b", situation)
    assert not graph.starts(workflow, "c", situation)


def test_every_way_a_run_can_go_is_enumerated(write: Write) -> None:
    workflow = chain(write, "failure()")

    runs = {tuple(run.items()) for run in graph.executions({"w": workflow}, "w", CONTEXTS, {})}

    assert (("a", "success"), ("b", "success"), ("c", "skipped")) in runs
    assert (("a", "failure"), ("b", "skipped"), ("c", "cancelled")) in runs
    assert (("a", "cancelled"), ("b", "skipped"), ("c", "skipped")) in runs
    assert (("a", "skipped"), ("b", "skipped"), ("c", "skipped")) in runs  # cancelled at once
    assert not any(run[1][1] != "skipped" and run[0][1] != "success" for run in runs)


def test_a_called_workflow_gets_its_inputs_and_fails_its_caller(write: Write) -> None:
    called = write(
        """
        on:
          workflow_call:
            inputs:
              environment: {type: string, required: true}
              backwards: {type: boolean, default: false}
        jobs:
          dev: {runs-on: x, if: inputs.environment == 'dev'}
          prod: {runs-on: x, if: "inputs.environment == 'prod' && !inputs.backwards"}
        """
    )
    caller = write(
        """
        on: push
        jobs:
          choose: {runs-on: x}
          call:
            needs: choose
            uses: ./.github/workflows/called.yml
            with: {environment: "${{ needs.choose.outputs.environment }}"}
          after: {runs-on: x, needs: call}
        """
    )

    runs = list(
        graph.executions(
            {"called.yml": called, "caller.yml": caller},
            "caller.yml",
            CONTEXTS,
            {"choose": {"environment": "prod"}},
        )
    )

    assert {run["call/dev"] for run in runs if "call/dev" in run} == {"skipped"}
    assert {run["call/prod"] for run in runs if run["call"] == "failure"} == {"failure"}
    assert {run["call"] for run in runs if run["after"] == "success"} == {"success"}


def test_where_all_of_a_called_workflow_is_skipped_both_endings_are_considered(
    write: Write,
) -> None:
    called = write("on: workflow_call\njobs:\n  a: {runs-on: x, if: 'false'}\n")
    caller = write("on: push\njobs:\n  call: {uses: ./.github/workflows/called.yml}\n")

    runs = graph.executions({"called.yml": called, "w": caller}, "w", CONTEXTS, {})

    assert {run["call"] for run in runs} == {"success", "skipped"}


@pytest.mark.parametrize(
    ("jobs", "message"),
    [
        ("a: {needs: b}\n  b: {needs: a}", "a needs b needs a"),
        ("a: {needs: x}", "job a needs 'x', which is no job"),
        ("a: {continue-on-error: true}", "job a has continue-on-error, which hides a failure"),
        ("a: {uses: ./.github/workflows/x.yml}", "which is not there"),
    ],
)
def test_what_cannot_be_evaluated_is_refused(write: Write, jobs: str, message: str) -> None:
    workflow = write(f"on: push\njobs:\n  {jobs}\n")

    with pytest.raises(UsageError, match=message):
        list(graph.executions({"w": workflow}, "w", CONTEXTS, {}))


# A widely copied release workflow: `promote` fails, so staging is skipped, so production is deployed.
PUBLISHED = """
on: push
permissions: {}
jobs:
  promote:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions: {}
  deploy-staging:
    needs: promote
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    environment: staging
    permissions: {id-token: write}
  deploy-production:
    needs: [promote, deploy-staging]
    if: always() && (needs.deploy-staging.result == 'success' || needs.deploy-staging.result == 'skipped')
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    environment: prod
    permissions: {id-token: write}
"""


def test_the_published_mistake_deploys_production_after_a_failed_promotion(write: Write) -> None:
    assert started(write(PUBLISHED), promote="failure") == {"promote", "deploy-production"}


def test_the_published_mistake_is_refused(write: Write) -> None:
    workflow = write(PUBLISHED)
    root = workflow.document.file.parents[2]
    (root / "policies" / "workflows").mkdir(parents=True)
    (root / "policies" / "workflows" / "permissions.yaml").write_text("{}\n")

    found = rules.check(root, targets=frozenset(), verbs={})

    (line,) = [finding.line for finding in found if finding.rule == "condition"]
    assert workflow.document.text[line - 1].strip().startswith("if: always()")
