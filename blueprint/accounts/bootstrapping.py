"""Brings an account to components/cloudformation/bootstrap.yaml: creates, updates, or finds nothing to do."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from blueprint import aws, paths
from blueprint.accounts import buckets, embedded, provider
from blueprint.accounts.change_sets import Change, CloudFormationStack
from blueprint.console import note
from blueprint.errors import BlueprintError
from blueprint.stacks.model import Stack

TEMPLATE = paths.ROOT / "components" / "cloudformation" / "bootstrap.yaml"
# CloudFormation's limit of a template that is sent with the request.
TEMPLATE_BYTES = 51_200


@dataclass(frozen=True)
class Clients:
    """boto3 clients of an administrator of the account."""

    cloudformation: Any
    iam: Any
    s3: Any
    sts: Any


@dataclass(frozen=True)
class Deployed:
    """What became of the account: `changes` are those made, or those that a dry run found."""

    stack: str
    outcome: Literal["created", "updated", "unchanged", "to be created", "to be updated"]
    changes: tuple[Change, ...]
    outputs: Mapping[str, str]


def clients(stack: Stack, env: Mapping[str, str]) -> Clients:
    """The clients `deploy` needs, for where `env` points."""
    region = stack.value("region")
    return Clients(
        *(
            aws.client(service, env, region=region)
            for service in ("cloudformation", "iam", "s3", "sts")
        )
    )


def deploy(
    stack: Stack,
    parameters: Mapping[str, str],
    *,
    clients: Clients,
    embedded_aws: bool = False,
    adopt: bool = False,
    dry_run: bool = False,
    report: Callable[[str], None] = note,
    pause: Callable[[float], None] = time.sleep,
) -> Deployed:
    """Bring the account of `stack` to the template under `parameters` (`accounts.parameters`).

    `adopt` takes over buckets that are there already, with all they hold; on the embedded AWS
    (`embedded_aws`), whose buckets other commands make, that goes without saying. `dry_run` changes
    nothing and says what would be. Raises BlueprintError, with what to do, when the account is another
    or in no state to be changed.
    """
    _require_account(stack, clients.sts)
    formation = CloudFormationStack(
        f"{stack.prefix}-bootstrap",
        region=stack.value("region"),
        cloudformation=clients.cloudformation,
        report=report,
        pause=pause,
    )
    kind = formation.kind()
    found = buckets.existing(stack, clients.s3) if kind == "CREATE" else {}
    if found and not (adopt or embedded_aws):
        raise _in_the_way(found)
    if embedded_aws and not dry_run:
        embedded.before(clients.iam)
    given = {
        **parameters,
        "OidcProvider": "existing"
        if embedded_aws
        else provider.owner(clients.iam, deployed=formation.parameter("OidcProvider")),
    }
    if found and not dry_run:
        _adopt(formation, found, clients.s3, report)
        kind = formation.kind()
    proposed = formation.propose(kind, _template(), given)
    if proposed is None:
        return Deployed(formation.name, "unchanged", (), formation.outputs())
    change_set, changes = proposed
    if dry_run:
        formation.discard(change_set)
        outcome: Literal["to be created", "to be updated"] = (
            "to be created" if kind == "CREATE" else "to be updated"
        )
        return Deployed(formation.name, outcome, tuple(changes), formation.outputs())
    formation.execute(change_set)
    outputs = formation.outputs()
    if embedded_aws:
        embedded.after(clients.iam, outputs)
    else:
        formation.protect()
    return Deployed(
        formation.name, "updated" if kind == "UPDATE" else "created", tuple(changes), outputs
    )


def _adopt(
    formation: CloudFormationStack, found: Mapping[str, str], s3: Any, report: Callable[[str], None]
) -> None:
    template, resources = buckets.importing(found)
    proposed = formation.propose("IMPORT", template, {}, imports=resources)
    if proposed is not None:
        formation.execute(proposed[0])
    for name in found.values():
        # The template brings the bucket's policy, and CloudFormation makes none where there is one.
        s3.delete_bucket_policy(Bucket=name)
        report(f"{name}: taken over, with all it holds")


def _template() -> str:
    body = TEMPLATE.read_text(encoding="utf-8")
    if len(body.encode()) > TEMPLATE_BYTES:
        raise BlueprintError(
            f"{TEMPLATE.name} has {len(body.encode())} bytes, CloudFormation takes {TEMPLATE_BYTES}",
            remedy="shorten it; comments count",
        )
    return body


def _require_account(stack: Stack, sts: Any) -> None:
    account = sts.get_caller_identity()["Account"]
    if account != stack.value("account_id"):
        raise BlueprintError(
            f"stack {stack.name} is account {stack.value('account_id')}, but you are signed in to {account}",
            remedy=f"sign in to the stack's account, or correct account_id in stacks/deploy/{stack.name}.yaml",
        )


def _in_the_way(found: Mapping[str, str]) -> BlueprintError:
    return BlueprintError(
        f"made before, and not by this command: bucket {' and '.join(found.values())}",
        remedy="run the command again with --adopt: the bucket is taken over with all it holds;"
        " its bucket policy, encryption and lifecycle become those of"
        " components/cloudformation/bootstrap.yaml",
    )
