"""Reads components/cloudformation/bootstrap.yaml as CloudFormation would: parameters in, resolved resources out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from cfnlint.decode.cfn_yaml import load  # type: ignore[import-untyped]

from blueprint.paths import ROOT

TEMPLATE = ROOT / "components" / "cloudformation" / "bootstrap.yaml"
ACCOUNT = "123456789012"
REGION = "us-east-1"
_KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0d1e2f30-4152-4637-8495-a6b7c8d9eaf0"
_PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::URLSuffix": "amazonaws.com",
}
_NOTHING = object()


@cache
def template() -> Mapping[str, Any]:
    """The template as it stands, short forms of functions written out."""
    return dict(load(str(TEMPLATE)))


@dataclass(frozen=True)
class Role:
    """What a role of the template comes to."""

    name: str
    trust: Mapping[str, Any]
    policies: tuple[Mapping[str, Any], ...]
    boundary: Mapping[str, Any]
    max_session_seconds: int


class Rendered:
    """The template's resources under given parameters; a resource whose condition is false is not there."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        source = template()
        unknown = set(parameters) - set(source["Parameters"])
        if unknown:
            raise ValueError(f"the template has no parameters {sorted(unknown)}")
        self._parameters = {
            name: parameters[name] if name in parameters else declared["Default"]
            for name, declared in source["Parameters"].items()
        }
        for name, declared in source["Parameters"].items():
            _check(name, self._parameters[name], declared)
        self._conditions = source["Conditions"]
        self._resources = {
            name: resource
            for name, resource in source["Resources"].items()
            if "Condition" not in resource or self._condition(resource["Condition"])
        }
        self.resources: dict[str, dict[str, Any]] = {
            name: self._value(resource["Properties"]) for name, resource in self._resources.items()
        }

    def role(self, kind: str) -> Role:
        """The role `plan`, `apply` or `preview`."""
        found = self.resources[f"{kind.capitalize()}Role"]
        attached = [self._policy(arn) for arn in found["ManagedPolicyArns"]]
        return Role(
            name=found["RoleName"],
            trust=found["AssumeRolePolicyDocument"],
            policies=(*attached, *(policy["PolicyDocument"] for policy in found["Policies"])),
            boundary=self._policy(found["PermissionsBoundary"]),
            max_session_seconds=found["MaxSessionDuration"],
        )

    def bucket_policy(self, kind: str) -> Mapping[str, Any]:
        """The policy of the bucket `state` or `plan`."""
        found: Mapping[str, Any] = self.resources[f"{kind.capitalize()}BucketPolicy"][
            "PolicyDocument"
        ]
        return found

    def _policy(self, arn: str) -> Mapping[str, Any]:
        name = arn.partition(":policy/")[2]
        documents: list[Mapping[str, Any]] = [
            resource["PolicyDocument"]
            for resource in self.resources.values()
            if resource.get("ManagedPolicyName") == name
        ]
        return documents[0]

    def _condition(self, name: str) -> bool:
        return self._test(self._conditions[name])

    def _test(self, expression: Mapping[str, Any]) -> bool:
        ((function, argument),) = expression.items()
        if function == "Fn::Not":
            return not self._test(argument[0])
        if function == "Fn::Equals":
            left, right = (self._value(side) for side in argument)
            return bool(left == right)
        raise ValueError(f"unknown condition function {function}")

    def _value(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            if len(value) == 1:
                ((name, argument),) = value.items()
                if name == "Ref" or name.startswith("Fn::"):
                    return self._function(name, argument)
            resolved = {key: self._value(item) for key, item in value.items()}
            return {key: item for key, item in resolved.items() if item is not _NOTHING}
        if isinstance(value, list):
            return [item for item in map(self._value, value) if item is not _NOTHING]
        return value

    def _function(self, name: str, argument: Any) -> Any:
        if name == "Ref":
            return self._ref(argument)
        if name == "Fn::GetAtt":
            return self._attribute(*argument)
        if name == "Fn::Sub":
            return re.sub(r"\$\{([^}!]+)\}", lambda match: self._named(match[1]), argument)
        if name == "Fn::If":
            condition, then, otherwise = argument
            return self._value(then if self._condition(condition) else otherwise)
        raise ValueError(f"unknown function {name}")

    def _named(self, name: str) -> str:
        logical, _, attribute = name.partition(".")
        return str(self._attribute(logical, attribute) if attribute else self._ref(name))

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NOTHING
        if name in _PSEUDO:
            return _PSEUDO[name]
        if name in self._parameters:
            return self._parameters[name]
        resource = self._resources[name]
        if resource["Type"] == "AWS::S3::Bucket":
            return self._value(resource["Properties"]["BucketName"])
        if resource["Type"] == "AWS::IAM::ManagedPolicy":
            policy = self._value(resource["Properties"]["ManagedPolicyName"])
            return f"arn:aws:iam::{ACCOUNT}:policy/{policy}"
        if resource["Type"] == "AWS::KMS::Key":
            return _KEY_ARN.partition("/")[2]
        raise ValueError(f"no rule for Ref {name}")

    def _attribute(self, logical: str, attribute: str) -> str:
        kind = self._resources[logical]["Type"]
        if (kind, attribute) == ("AWS::S3::Bucket", "Arn"):
            return f"arn:aws:s3:::{self._ref(logical)}"
        if (kind, attribute) == ("AWS::KMS::Key", "Arn"):
            return _KEY_ARN
        raise ValueError(f"no rule for {logical}.{attribute}")


def _check(name: str, value: str, declared: Mapping[str, Any]) -> None:
    pattern = declared.get("AllowedPattern")
    if pattern and not re.fullmatch(pattern, value):
        raise ValueError(f"parameter {name}: {value!r} does not match {pattern}")
    if "AllowedValues" in declared and value not in declared["AllowedValues"]:
        raise ValueError(f"parameter {name}: {value!r} is none of {declared['AllowedValues']}")
