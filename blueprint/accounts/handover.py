"""What GitHub has to be told once an account is ready: variables and environments, none of them secret."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from blueprint.accounts.repository import Repository
from blueprint.stacks.model import Stack


@dataclass(frozen=True)
class Handover:
    """Variables of the repository `repository` by name, and the environments it has to have."""

    repository: str
    variables: Mapping[str, str]
    environments: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Plain values: repository, variables, environments."""
        return {
            "repository": self.repository,
            "variables": dict(self.variables),
            "environments": list(self.environments),
        }

    def as_commands(self) -> list[str]:
        """The same as commands of GitHub's command line, for a shell; running them again changes nothing."""
        repository = shlex.quote(self.repository)
        return [
            *(
                f"gh variable set {name} --repo {repository} --body {shlex.quote(value)}"
                for name, value in self.variables.items()
            ),
            *(
                f"gh api --silent --method PUT repos/{repository}/environments/{name}"
                for name in self.environments
            ),
        ]

    def as_text(self) -> str:
        """The same for a person."""
        width = max(map(len, self.variables))
        return "\n".join(
            [
                f"{self.repository} needs these variables (Settings, Secrets and variables, Actions):",
                *(f"  {name:<{width}}  {value}" for name, value in self.variables.items()),
                "",
                f"and these environments: {', '.join(self.environments)}",
                "",
                "or, with GitHub's command line:",
                *(f"  {command}" for command in self.as_commands()),
            ]
        )


def what_github_needs(
    stack: Stack,
    outputs: Mapping[str, str],
    repository: Repository,
    *,
    environments: Sequence[str],
) -> Handover:
    """What `repository` has to know of the account of `stack`, whose bootstrap has `outputs`.

    `environments` are all that are ready, this one among them, in the order in which a commit passes them.
    """
    stage = stack.value("stage")
    name = stage.upper()
    variables = {
        "ENVIRONMENTS": json.dumps(list(environments)),
        f"{name}_REGION": stack.value("region"),
        f"{name}_PLAN_ROLE_ARN": outputs["PlanRoleArn"],
        f"{name}_APPLY_ROLE_ARN": outputs["ApplyRoleArn"],
    }
    needed = [stage, f"{stage}-destroy"]
    if "PreviewRoleArn" in outputs:
        variables["PREVIEW_ROLE_ARN"] = outputs["PreviewRoleArn"]
        needed.append("preview")
    return Handover(repository.full_name, variables, tuple(needed))
