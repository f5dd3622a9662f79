"""Everything `make check` holds the repository to. It reports all findings and changes nothing."""

import filecmp
from collections.abc import Callable

from blueprint import contract, paths, processes
from blueprint.console import done, err, note
from blueprint.contract import commands as contract_files
from blueprint.errors import BlueprintError, UsageError
from blueprint.journey.components import component_names, terraform_in_each
from blueprint.stacks import atmos, environment, validation
from blueprint.tools.environments import environment as python_environment

SHARED = ("context.tf", "providers.tf", "versions.tf", ".terraform.lock.hcl")


def check(names: list[str]) -> None:
    """Run the checks `names` (all when empty), then fail with all that was found."""
    for name in names:
        if name not in CHECKS:
            raise UsageError(
                f"there is no check {name!r}", remedy=f"use one of: {', '.join(CHECKS)}"
            )
    findings: list[str] = []
    for name in [name for name in CHECKS if not names or name in names]:
        try:
            CHECKS[name]()
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


def _shared() -> None:
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


def _validate() -> None:
    for name, result in terraform_in_each("validate").items():
        # A warning (a deprecated argument) is tomorrow's error.
        if not result.ok or "Warning" in result.output:
            raise BlueprintError(f"{name}: {result.output}")


def _stacks() -> None:
    _command(["atmos", "validate", "stacks"])
    env = environment.base()
    for name in atmos.stack_names(env):
        stack = atmos.stack(name, env)
        stack.sorter()
        validation.validate(stack)


def _checkov() -> None:
    checkov = python_environment("checkov") / "bin" / "checkov"
    _command([str(checkov), "--config-file", "policies/checkov.yaml"])


def _cloudformation() -> None:
    templates = sorted(
        str(file) for file in (paths.ROOT / "components" / "cloudformation").glob("*.yaml")
    )
    if templates:
        _program("cfn-lint", *templates)
    else:
        note("no CloudFormation templates in components/cloudformation yet")


def _program(name: str, *arguments: str) -> None:
    """A program of the tooling environment."""
    _command([str(paths.ROOT / ".venv" / "bin" / name), *arguments])


def _command(command: list[str]) -> None:
    result = processes.run(command, cwd=paths.ROOT, env=environment.base())
    if not result.ok:
        raise BlueprintError(result.output.strip())


CHECKS: dict[str, Callable[[], None]] = {
    "python format": lambda: _program("ruff", "format", "--check"),
    "python lint": lambda: _program("ruff", "check"),
    "python types": lambda: _program("mypy"),
    "terraform format": lambda: _command(
        ["terraform", "fmt", "-check", "-recursive", "-diff", "components", "policies", "tests"]
    ),
    "terraform shared files": _shared,
    "terraform validate": _validate,
    "contract": lambda: contract.check(paths.ROOT),
    "stacks": _stacks,
    "checkov": _checkov,
    "cloudformation": _cloudformation,
}
