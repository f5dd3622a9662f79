"""The roles trust the very files whose jobs become them: a rename would lock the pipelines out, or somebody in."""

import re

import pytest
import yaml

from blueprint import paths
from blueprint.workflows import duties

BOOTSTRAP = paths.ROOT / "components" / "cloudformation" / "bootstrap.yaml"


class _Template(yaml.SafeLoader):
    """CloudFormation, whose functions are of no interest here."""


def _function(loader: _Template, _: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


_Template.add_multi_constructor("!", _function)


def trusted_files(role: str) -> set[str]:
    template = yaml.load(BOOTSTRAP.read_text(), Loader=_Template)  # noqa: S506 (a SafeLoader)
    (resource,) = (
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::IAM::Role"
        and str(resource["Properties"]["RoleName"]).endswith(f"-{role}")
    )
    trust = repr(resource["AssumeRolePolicyDocument"])
    return set(re.findall(r"/\.github/workflows/([\w.-]+)@", trust))


@pytest.mark.parametrize("role", duties.ROLES)
def test_a_role_trusts_the_files_of_its_jobs_and_no_other(role: str) -> None:
    assert trusted_files(role) == duties.files_of(duties.read(paths.ROOT), role)
