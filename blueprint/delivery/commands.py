"""The verbs that change or preview a stack: plan, apply, destroy, unlock."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

import typer

from blueprint.console import done, note, out
from blueprint.delivery import applying, planning, terraform
from blueprint.delivery.planning import Planned
from blueprint.errors import BlueprintError, UsageError
from blueprint.stacks import atmos, environment, validation
from blueprint.stacks.model import Stack

StackName = Annotated[
    str, typer.Option("--stack", "-s", help="Stack: local, dev, staging or prod.")
]
Components = Annotated[
    list[str] | None, typer.Argument(help="Components; all when left out.", show_default=False)
]


def open_stack(name: str) -> tuple[Stack, dict[str, str]]:
    """The validated stack `name` and the environment in which to work on it."""
    stack = atmos.stack(name, environment.base())
    validation.validate(stack, deploying=not stack.emulated)
    return stack, environment.for_stack(stack.name, emulated=stack.emulated)


def plan(
    stack: Annotated[str, typer.Argument(help="Stack: local, dev, staging or prod.")],
    components: Components = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    detailed_exitcode: Annotated[
        bool, typer.Option(help="Exit with 2 when there are changes, as Terraform does.")
    ] = False,
) -> None:
    """Show what an apply would change.

    Example: blueprint plan local
    """
    try:
        opened, env = open_stack(stack)
        planned = planning.plan(opened, env, only=_chosen(opened, components))
    except UsageError as error:
        if detailed_exitcode:
            # Under this flag 2 means changes, so a wrong stack must be 1, as with Terraform.
            raise BlueprintError(error.message, remedy=error.remedy) from error
        raise
    if as_json:
        print(json.dumps([item.as_json() for item in planned]))
    else:
        _print_plan(opened, planned)
    if detailed_exitcode and not all(item.clean for item in planned):
        raise typer.Exit(2)


def _print_plan(stack: Stack, planned: list[Planned]) -> None:
    for item in planned:
        if item.waits_for:
            out.print(f"{item.component}: planned once {', '.join(item.waits_for)} is applied")
        for change in item.changes:
            attributes = (
                f" ({', '.join(sorted(change.attributes))})"
                if change.actions == ("update",)
                else ""
            )
            out.print(
                f"{item.component}: {'/'.join(change.actions)} {change.address}{attributes}",
                markup=False,
            )
    echoed = sum(len(item.echoes) for item in planned)
    if all(item.clean for item in planned):
        out.print(f"{stack.name}: no changes ({', '.join(item.component for item in planned)})")
    if echoed:
        note(
            f"{echoed} resources differ only in attributes that the embedded AWS is known not to give back "
            "(blueprint/delivery/echoes.yaml)"
        )


def apply_components(
    stack: Stack,
    env: Mapping[str, str],
    components: list[str] | None,
    *,
    prepare: applying.Prepare,
    force: bool,
    as_json: bool,
) -> None:
    """Apply `components` of `stack` (all when None); `prepare` runs before each that is applied."""
    applied = applying.apply(
        stack, env, prepare=prepare, only=_chosen(stack, components), force=force
    )
    if as_json:
        print(json.dumps([asdict(item) for item in applied]))


def destroy(
    stack: StackName,
    components: Components = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Destroy a stack's resources, dependents first.

    Example: blueprint destroy -s dev observability
    """
    opened, env = open_stack(stack)
    chosen = _chosen(opened, components)
    what = ", ".join(chosen) or "every component"
    if not yes:
        typer.confirm(
            f"Destroy {what} of {opened.name} in account {opened.value('account_id')}?", abort=True
        )
    applying.destroy(opened, env, only=chosen)


def unlock(
    component: Annotated[str, typer.Argument(help="Component whose state is locked.")],
    lock_id: Annotated[str, typer.Argument(help="The lock's ID, as the failed run printed it.")],
    stack: StackName,
) -> None:
    """Remove the state lock of a run that was killed.

    Example: blueprint unlock lambda -s local 3f0c8a52-2f4c-7f0e-9d4b-5d5d2f7c1a11
    """
    opened, env = open_stack(stack)
    terraform.unlock(opened.component(component), lock_id, env)
    done(f"{component}: unlocked")


def _chosen(stack: Stack, components: list[str] | None) -> list[str]:
    return [stack.component(name).name for name in components or []]
