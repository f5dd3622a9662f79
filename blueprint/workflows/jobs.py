"""Holds jobs to their duties: triggers, permissions, roles, environments, conditions, time limits, concurrency."""

from collections.abc import Iterator, Mapping

from blueprint.workflows import expressions
from blueprint.workflows.duties import FILE, Duties, Duty, union
from blueprint.workflows.findings import Finding
from blueprint.workflows.model import Job, Workflow

# Those whose run is of the commit that brought the workflow. `pull_request_target`, `workflow_run` and comments run
# with the base's rights on what anybody sends.
TRIGGERS = frozenset(
    {"pull_request", "merge_group", "push", "schedule", "workflow_dispatch", "workflow_call"}
)
RUNNER = "ubuntu-24.04"
_CREDENTIALS = "aws-actions/configure-aws-credentials"
_SETUP = "./.github/actions/setup"
_LONGEST_MINUTES = 60
_GUARDED = ("apply", "preview")  # roles that change an account


def workflow(file: str, workflow: Workflow) -> Iterator[Finding]:
    """What starts a workflow, and that its token may do nothing unless a job says so."""
    for event in workflow.events:
        if event not in TRIGGERS:
            yield Finding(
                file,
                workflow.document.line("on", event),
                "trigger",
                f"`{event}` runs with this repository's rights on what others sent",
                f"one of: {', '.join(sorted(TRIGGERS))}",
            )
    if workflow.document.content.get("permissions") != {}:
        yield Finding(
            file,
            workflow.document.line("permissions"),
            "permissions-top",
            "a job without permissions of its own gets these",
            "set `permissions: {}` at the top",
        )


def shape(file: str, job: Job) -> Iterator[Finding]:
    """Where a job runs, for how long at most, and that its failure counts."""
    for place, content in [(job.line, job.content), *((s.line, s.content) for s in job.steps)]:
        if content.get("continue-on-error"):
            yield Finding(
                file, place, "failure-hidden", "a failure passes for a success", "let it fail"
            )
    if "secrets" in job.content:
        yield Finding(
            file,
            job.line,
            "secrets",
            f"job {job.name} hands secrets on",
            "become an AWS role, or take `github.token`",
        )
    if job.calls is not None:
        return
    if job.content.get("runs-on") != RUNNER:
        yield Finding(
            file, job.line, "runner", f"job {job.name} runs elsewhere", f"set `runs-on: {RUNNER}`"
        )
    minutes = job.content.get("timeout-minutes")
    if not isinstance(minutes, int) or not 0 < minutes <= _LONGEST_MINUTES:
        yield Finding(
            file,
            job.line,
            "timeout",
            f"job {job.name} may run for six hours" if minutes is None else f"{minutes} minutes",
            f"set `timeout-minutes` from 1 to {_LONGEST_MINUTES}",
        )


def secrets(file: str, workflow: Workflow, duties: Duties) -> Iterator[Finding]:
    """Only declared secrets are read: whatever else leaks from a job has expired within the hour."""
    declared = {
        f"secrets.{name}"
        for duty in duties.get(workflow.file, {}).values()
        for name in duty.secrets
    }
    for number, text in enumerate(workflow.document.text, start=1):
        for inner in expressions.embedded(text):
            if "secrets" in inner and inner not in declared:
                yield Finding(
                    file,
                    number,
                    "secrets",
                    f"`{inner}` is not declared in {FILE}",
                    "become an AWS role, or take `github.token`",
                )


def duty(file: str, workflow: Workflow, job: Job, duties: Duties) -> Iterator[Finding]:
    """The job has the permissions, role and environment it is declared with, and a condition that suits them."""
    declared = duties.get(workflow.file, {}).get(job.name)
    if declared is None:
        yield Finding(
            file, job.line, "undeclared", f"job {job.name} is not in {FILE}", "declare it there"
        )
        return
    if job.permissions is None or union([job.permissions, declared.permissions]) != dict(
        declared.permissions
    ):
        yield Finding(
            file,
            workflow.document.line("jobs", job.name, "permissions"),
            "permissions",
            f"job {job.name} has {_shown(job.permissions)}, {FILE} says {_shown(declared.permissions)}",
            "take what is too much away",
        )
    if job.environment != declared.environment:
        yield Finding(
            file,
            workflow.document.line("jobs", job.name, "environment"),
            "environment",
            f"job {job.name} waits for {job.environment or 'no environment'}, "
            f"{FILE} says {declared.environment or 'none'}",
            "set the one that has the reviewers",
        )
    if job.calls is None:
        yield from _role(file, job, declared)


def conditions(file: str, workflow: Workflow, job: Job) -> Iterator[Finding]:
    """A job that becomes a role, itself or in what it calls, starts after success only."""
    if (job.permissions or {}).get("id-token") != "write" or job.condition is None:
        return
    if expressions.parse(job.condition).tests_status:
        yield Finding(
            file,
            workflow.document.line("jobs", job.name, "if"),
            "condition",
            f"job {job.name} gets credentials, and its `if` can let a failure through",
            "take success(), failure(), cancelled() and always() out: GitHub then adds success()",
        )


def calls(
    file: str, workflow: Workflow, job: Job, workflows: Mapping[str, Workflow], duties: Duties
) -> Iterator[Finding]:
    """A call grants what is needed and no more, and one environment is deployed to by one run at a time."""
    if job.calls is None or job.calls not in workflows:
        return
    needed = union([inner.permissions or {} for inner in workflows[job.calls].jobs.values()])
    if dict(job.permissions or {}) != needed:
        yield Finding(
            file,
            workflow.document.line("jobs", job.name, "permissions"),
            "call-permissions",
            f"job {job.name} grants {_shown(job.permissions)}, {job.calls} takes {_shown(needed)}",
            "grant what it takes",
        )
    starts_itself = set(workflow.events) != {"workflow_call"}
    if starts_itself and "apply" in roles_below(workflows, job.calls, duties):
        environment = (job.content.get("with") or {}).get("environment", "")
        wanted = {"group": f"deploy-{environment}", "cancel-in-progress": False}
        if job.content.get("concurrency") != wanted:
            yield Finding(
                file,
                workflow.document.line("jobs", job.name, "concurrency"),
                "concurrency",
                f"two runs may change {environment} at once, or one cut the other off",
                f"set `group: {wanted['group']}` and `cancel-in-progress: false`",
            )


def previews(file: str, workflow: Workflow, duties: Duties) -> Iterator[Finding]:
    """Events of one preview wait for each other."""
    declared = duties.get(workflow.file, {}).values()
    concurrency = workflow.document.content.get("concurrency")
    if any(entry.role == "preview" for entry in declared) and not (
        isinstance(concurrency, Mapping)
        and concurrency.get("group")
        and concurrency.get("cancel-in-progress") is False
    ):
        yield Finding(
            file,
            workflow.document.line("concurrency"),
            "concurrency",
            "a preview that is cut off leaves half a stack",
            "set `concurrency` with a group and `cancel-in-progress: false`",
        )


def roles_below(workflows: Mapping[str, Workflow], file: str, duties: Duties) -> frozenset[str]:
    """The AWS roles that jobs of workflow `file`, or of what it calls, become."""
    own = {entry.role for entry in duties.get(file, {}).values() if entry.role}
    below = (job.calls for job in workflows[file].jobs.values() if job.calls in workflows)
    return frozenset(own).union(*(roles_below(workflows, str(name), duties) for name in below))


def _role(file: str, job: Job, declared: Duty) -> Iterator[Finding]:
    token = (job.permissions or {}).get("id-token") == "write"
    steps = [step for step in job.steps if step.action == _CREDENTIALS]
    if token != (declared.role is not None) or len(steps) != int(token):
        yield Finding(
            file,
            job.line,
            "id-token",
            f"job {job.name} becomes {declared.role or 'no'} role in {len(steps)} steps and "
            f"{'may' if token else 'may not'} ask for an identity token",
            "give the token to jobs that become a role, once, and to no other",
        )
        return
    if declared.role is None:
        return
    variable = f"{declared.role.upper()}_ROLE_ARN"
    if variable not in str(steps[0].inputs.get("role-to-assume", "")):
        yield Finding(
            file, steps[0].line, "role", f"this is not the {declared.role} role", f"take {variable}"
        )
    if declared.role in _GUARDED and not declared.environment:
        yield Finding(
            file,
            job.line,
            "environment",
            f"job {job.name} changes an account and waits for nobody",
            "give it an `environment`",
        )
    if declared.role == "apply" and any(
        step.action == _SETUP and step.inputs.get("cache") != "false" for step in job.steps
    ):
        yield Finding(
            file,
            job.line,
            "cache",
            f"job {job.name} runs, with the apply role, what another run has kept",
            'set up with `cache: "false"`',
        )


def _shown(permissions: Mapping[str, str] | None) -> str:
    if permissions is None:
        return "none of its own"
    return ", ".join(f"{scope}: {level}" for scope, level in sorted(permissions.items())) or "{}"
