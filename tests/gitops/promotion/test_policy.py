"""The environments and their refs come from a file, and a slip in it is told by its field."""

from pathlib import Path

import pytest

from blueprint import paths
from blueprint.errors import UsageError
from blueprint.promotion import policy
from blueprint.promotion.policy import Release

SHIPPED = policy.read()


def test_the_shipped_order_is_dev_staging_prod_and_each_is_a_stack() -> None:
    assert [environment.name for environment in SHIPPED.environments] == ["dev", "staging", "prod"]
    assert SHIPPED.main == "main"
    for environment in SHIPPED.environments:
        assert (paths.STACKS / "deploy" / f"{environment.name}.yaml").exists()


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        ("refs/heads/main", "dev"),
        ("refs/tags/v1.4.0-rc.1", "staging"),
        ("refs/tags/v0.0.0-rc.0", "staging"),
        ("refs/tags/v10.20.30-rc.40", "staging"),
        ("refs/tags/v1.4.0", "prod"),
        ("refs/heads/feature", None),
        ("refs/heads/main2", None),
        ("refs/heads/v1.4.0", None),
        ("refs/tags/main", None),
        ("refs/tags/1.4.0", None),
        ("refs/tags/v1.4", None),
        ("refs/tags/v1.4.0.1", None),
        ("refs/tags/v01.4.0", None),
        ("refs/tags/v1.4.0-rc.01", None),
        ("refs/tags/v1.4.0-rc1", None),
        ("refs/tags/v1.4.0-beta.1", None),
        ("refs/tags/v1.4.0\n", None),
        ("refs/tags/v1x4x0", None),
        ("refs/tags/v\N{DEVANAGARI DIGIT ONE}.4.0", None),
        ("refs/tags/vX.Y.Z", None),
        ("", None),
    ],
)
def test_each_ref_reaches_one_environment_or_none(ref: str, name: str | None) -> None:
    reached = SHIPPED.reached_by(ref)

    assert (reached and reached.name) == name


@pytest.mark.parametrize(
    ("tag", "spoiled"),
    [
        ("v01.4.0", True),
        ("v1.4", True),
        ("v1.4.0.1", True),
        ("v1.4.0-rc.01", True),
        ("v1", True),
        ("v1.4.0-beta.1", False),
        ("v1.4.0-rc1", False),
        ("v1.4.0+build.7", False),
        ("v1.4.0", False),
        ("vendor-1", False),
        ("docs-1", False),
    ],
)
def test_a_tag_meant_as_a_release_is_told_from_another_tag(tag: str, spoiled: bool) -> None:
    assert SHIPPED.spoiled(f"refs/tags/{tag}") is spoiled


def test_a_branch_is_never_taken_for_a_spoiled_release() -> None:
    assert not SHIPPED.spoiled("refs/heads/v1.4")


def test_a_tags_numbers_are_read_and_ordered_as_numbers() -> None:
    staging = SHIPPED.environment("staging")

    assert staging.release("refs/tags/v1.4.0-rc.2") == Release((1, 4, 0), 2)
    assert staging.release("refs/tags/v1.4.0") is None
    assert Release((1, 10, 0)) > Release((1, 9, 0), 3)
    assert Release((1, 10, 0)).text == "1.10.0"


def test_every_environment_but_the_first_follows_another() -> None:
    before = {item.name: SHIPPED.before(item) for item in SHIPPED.environments}

    assert before == {
        "dev": None,
        "staging": SHIPPED.environment("dev"),
        "prod": SHIPPED.environment("staging"),
    }


def test_an_unknown_environment_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="there is no environment 'production'") as refused:
        SHIPPED.environment("production")

    assert refused.value.remedy == "use one of: dev, staging, prod"


def rows(*pairs: str) -> str:
    names = zip(pairs[::2], pairs[1::2], strict=True)
    return "environments:\n" + "".join(f"  - {{name: {n}, ref: {r}}}\n" for n, r in names)


DEV = ("dev", "refs/heads/main")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("environments: []\n", "environments: "),
        ("order: [dev]\n", "order: there is no such key"),
        ("environments:\n  - {name: dev}\n", r"environments\[0\]: 'ref' is a required property"),
        (rows("Dev", "refs/heads/main"), r"environments\[0\]\.name: 'Dev' does not match"),
        (rows("dev", "main"), r"environments\[0\]\.ref: 'main' does not match"),
        (rows("dev", "refs/tags/vX.Y.Z"), r"environments\[0\]\.ref: must be a branch"),
        (rows(*DEV, "prod", "refs/heads/prod"), r"environments\[1\]\.ref: must be a tag"),
        (rows(*DEV, "dev", "refs/tags/vX.Y.Z"), r"environments\[1\]\.name: 'dev' is there twice"),
        (
            rows(*DEV, "a", "refs/tags/vX.Y.Z", "b", "refs/tags/vX.Y.Z"),
            r"environments\[2\]\.ref: 'refs/tags/vX\.Y\.Z' is that of a",
        ),
        (rows(*DEV, "prod", "refs/tags/release"), r"environments\[1\]\.ref: .* must have X\.Y\.Z"),
        (rows(*DEV, "prod", "refs/tags/vX.Y.Z-N.N"), "N at most once"),
        (rows(*DEV, "prod", "refs/tags/vX.Y.Z-X.Y.Z"), r"X\.Y\.Z once"),
    ],
)
def test_a_wrong_file_is_refused_by_its_field(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "promotion.yaml"
    file.write_text(text)

    with pytest.raises(UsageError, match=fault) as refused:
        policy.read(file)

    assert "promotion.yaml" in refused.value.message
    assert "promotion.yaml" in refused.value.remedy
