"""Everything `make check` holds the repository to. It reports all findings and changes nothing."""

import filecmp
from collections.abc import Callable
from functools import partial

from blueprint import contract, paths, processes
from blueprint.console import done, err
from blueprint.contract import commands as contract_files
from blueprint.errors import BlueprintError, UsageError
from blueprint.journey import watch
from blueprint.journey.components import component_names, terraform_in_each
from blueprint.observability import canary
from blueprint.stacks import atmos, environment, validation
from blueprint.tools.environments import environment as python_environment
from blueprint.workflows import lint
from blueprint.workflows.commands import Verbs

SHARED = ("context.tf", "providers.tf", "versions.tf", ".terraform.lock.hcl")


def check(names: list[str], *, verbs: Verbs) -> None:
    """Run the checks `names` (all when empty), then fail with all that was found.

    `verbs` are those of the command line: workflows are held to them.
    """
    for name in names:
        if name not in CHECKS:
            raise UsageError(
                f"there is no check {name!r}", remedy=f"use one of: {', '.join(CHECKS)}"
            )
    findings: list[str] = []
    for name in [name for name in CHECKS if not names or name in names]:
        try:
            CHECKS[name](verbs)
        except BlueprintError as error:
            err.print(f"[red]✗[/red] {name}")
            findings.append(
                f"{name}:\n{error.message}" + (f"\n  {error.remedy}" if error.remedy else "")
            )
        else:
            done(name)
    if findings:
        raise BlueprintError(
            "\n\n".join(findings),
            remedy="`make fix` repairs format, shared files and generated code",
        )


def fix() -> None:
    """Write what can be written without judgement: format, import order, shared and generated files."""
    share()
    contract_files.write()
    canary.write()
    _program("ruff", "check", "--fix")
    _program("ruff", "format")
    _command(["terraform", "fmt", "-recursive", "components", "policies", "tests"])


def share() -> None:
    """Copy the shared Terraform files into every component."""
    for name in component_names():
        for file in SHARED:
            (paths.COMPONENTS / name / file).write_bytes(
                (paths.COMPONENTS / "_shared" / file).read_bytes()
            )


def _shared(_: Verbs) -> None:
    different = [
        f"components/terraform/{name}/{file} differs from components/terraform/_shared/{file}"
        for name in component_names()
        for file in SHARED
        if not (paths.COMPONENTS / name / file).is_file()
        or not filecmp.cmp(
            paths.COMPONENTS / name / file, paths.COMPONENTS / "_shared" / file, shallow=False
        )
    ]
    if different:
        raise BlueprintError(
            "\n".join(different), remedy="edit the file in _shared, then `make fix`"
        )


def _validate(_: Verbs) -> None:
    for name, result in terraform_in_each("validate").items():
        # A warning (a deprecated argument) is tomorrow's error.
        if not result.ok or "Warning" in result.output:
            raise BlueprintError(f"{name}: {result.output}")


def _stacks(_: Verbs) -> None:
    _command(["atmos", "validate", "stacks"])
    env = environment.base()
    for name in atmos.stack_names(env):
        stack = atmos.stack(name, env)
        stack.sorter()
        validation.validate(stack)


def _terraform_sources(_: Verbs) -> None:
    # Its parser takes a third of a second to import, which no other command should pay.
    from blueprint.sources import check as sources

    sources.check()


def _workflows(verbs: Verbs) -> None:
    lint.lint(verbs=verbs)


def _checkov(_: Verbs) -> None:
    checkov = python_environment("checkov") / "bin" / "checkov"
    _command([str(checkov), "--config-file", "policies/checkov.yaml"])


def _cloudformation(_: Verbs) -> None:
    templates = (paths.ROOT / "components" / "cloudformation").glob("*.yaml")
    _program("cfn-lint", *(str(file) for file in sorted(templates)))


def _watch(name: str, _: Verbs) -> None:
    watch.hold(name)


def _program(name: str, *arguments: str) -> None:
    """A program of the tooling environment."""
    _command([str(paths.ROOT / ".venv" / "bin" / name), *arguments])


def _command(command: list[str]) -> None:
    result = processes.run(command, cwd=paths.ROOT, env=environment.base())
    if not result.ok:
        raise BlueprintError(result.output.strip())


CHECKS: dict[str, Callable[[Verbs], None]] = {
    "python format": lambda _: _program("ruff", "format", "--check"),
    "python lint": lambda _: _program("ruff", "check"),
    "python types": lambda _: _program("mypy"),
    "terraform format": lambda _: _command(
        ["terraform", "fmt", "-check", "-recursive", "-diff", "components", "policies", "tests"]
    ),
    "terraform shared files": _shared,
    "terraform sources": _terraform_sources,
    "terraform validate": _validate,
    "contract": lambda _: contract.check(paths.ROOT),
    "stacks": _stacks,
    "checkov": _checkov,
    "cloudformation": _cloudformation,
    "workflows": _workflows,
    **{name: partial(_watch, name) for name in watch.GATES},
}
