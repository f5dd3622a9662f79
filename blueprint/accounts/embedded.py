"""What the embedded AWS's CloudFormation leaves out of the template, made by the services' own calls."""

from collections.abc import Mapping
from typing import Any

from blueprint.accounts.provider import AUDIENCE, HOST, find


def before(iam: Any) -> None:
    """Make GitHub's provider, a type of resource it does not know."""
    if find(iam) is None:
        iam.create_open_id_connect_provider(Url=f"https://{HOST}", ClientIDList=[AUDIENCE])


def after(iam: Any, outputs: Mapping[str, str]) -> None:
    """Give each role its permissions boundary, a property it drops."""
    for name, value in outputs.items():
        if name.endswith("RoleArn"):
            iam.put_role_permissions_boundary(
                RoleName=value.rpartition("/")[2], PermissionsBoundary=outputs["BoundaryArn"]
            )
