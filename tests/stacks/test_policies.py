"""The shipped stacks, and a preview made of them, as Atmos reads them: held to the policies, and refused by them."""

import shutil
from pathlib import Path

import pytest

from blueprint import paths
from blueprint.preview import records, stack_file
from blueprint.stacks import atmos, environment, policies, validation
from blueprint.stacks.model import Stack

REAL = ("dev", "staging", "prod")
# What the template leaves for its owner to fill in.
PLACEHOLDERS = {"account-is-yours", "alarm-emails-are-yours"}


@pytest.fixture(scope="module")
def env() -> dict[str, str]:
    return environment.base()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the stacks, to be changed."""
    shutil.copy(paths.ROOT / "atmos.yaml", tmp_path)
    # The stacks take in what is watched.
    for folder in ("stacks", "dashboards"):
        shutil.copytree(paths.ROOT / folder, tmp_path / folder)
    (tmp_path / "components").symlink_to(paths.ROOT / "components")
    return tmp_path


@pytest.fixture
def preview(copied: Path, env: dict[str, str]) -> Stack:
    stack_file.write(123, root=copied)
    return atmos.stack("pr123", env, root=copied)


@pytest.mark.parametrize("name", REAL)
def test_a_shipped_stack_lacks_nothing_but_its_owners_account_and_addresses(
    env: dict[str, str], name: str
) -> None:
    found = {
        violation.rule
        for violation in policies.find_violations(atmos.stack(name, env), deploying=True)
    }

    assert found <= PLACEHOLDERS
    assert "account-is-yours" in found


def test_each_real_stack_names_the_tier_it_is_sized_for(env: dict[str, str]) -> None:
    assert [atmos.stack(name, env).settings["tier"] for name in REAL] == ["1M", "10M", "100M"]


@pytest.mark.parametrize(
    ("file", "right", "wrong", "rule"),
    [
        ("mixins/stage/protected.yaml", "origins: []", 'origins: ["*"]', "cors-origins-are-named"),
        (
            "mixins/stage/protected.yaml",
            "force_destroy: false",
            "force_destroy: true",
            "buckets-are-kept",
        ),
        (
            "catalog/sqs.yaml",
            "iam .kms_key_arn",
            "iam .kms_key_arn // null",
            "fallbacks-are-absent",
        ),
        (
            "catalog/cognito.yaml",
            "[items.read,",
            "[!env SCOPE, items.read,",
            "values-are-committed",
        ),
        ("deploy/prod.yaml", "tier: 100M", "tier: large", "tier-is-named"),
        ("deploy/prod.yaml", "tier: 100M", "teer: 100M", "tier-is-named"),
    ],
)
def test_a_change_that_breaks_a_rule_is_seen_through_atmos(
    copied: Path, env: dict[str, str], file: str, right: str, wrong: str, rule: str
) -> None:
    target = copied / "stacks" / file
    text = target.read_text()
    assert right in text
    target.write_text(text.replace(right, wrong))

    found = {
        violation.rule
        for violation in policies.find_violations(atmos.stack("prod", env, root=copied))
    }

    assert rule in found


def test_a_preview_is_dev_in_all_but_its_names_and_limits(
    preview: Stack, env: dict[str, str]
) -> None:
    dev = atmos.stack("dev", env)

    validation.validate(preview)
    assert preview.prefix == "acme-useast1-pr123"
    assert preview.state_bucket == dev.state_bucket
    assert preview.value("account_id") == dev.value("account_id")
    assert set(preview.components) == set(dev.components)
    assert records.lifetime(preview).total_seconds() == 72 * 3600
    assert preview.component("observability").values["tier"] == "dev"
    assert (
        preview.component("apigateway").values["throttling_rate_limit"]
        < dev.component("apigateway").values["throttling_rate_limit"]
    )


def test_states_of_previews_never_meet(preview: Stack, copied: Path, env: dict[str, str]) -> None:
    stack_file.write(124, root=copied)
    stacks = [preview, atmos.stack("pr124", env, root=copied), atmos.stack("dev", env)]
    keys = {component.state_key for stack in stacks for component in stack.components.values()}

    assert len(keys) == 3 * len(preview.components)
    assert preview.component("iam").state_key == "iam/pr123/terraform.tfstate"
