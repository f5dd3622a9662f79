"""From a stack to the template's parameters."""

from collections.abc import Callable

import pytest

from blueprint.accounts.parameters import parameters, tags
from blueprint.accounts.repository import parse
from blueprint.errors import UsageError
from blueprint.stacks.model import Stack
from tests.bootstrap_template import Rendered
from tests.environments import ENVIRONMENTS

REPOSITORY = parse("octo-org/octo-repo", repository_id=456789, owner_id=123456)
REFS = {
    "dev": "refs/heads/main",
    "staging": "refs/tags/vX.Y.Z-rc.N",
    "prod": "refs/tags/vX.Y.Z",
}


@pytest.mark.parametrize("stage", ENVIRONMENTS)
def test_an_environment_gets_the_parameters_its_trust_is_tested_with(
    stage: str, make_stack: Callable[..., Stack]
) -> None:
    stack = make_stack(stage, force_destroy=stage == "dev")

    given = parameters(stack, REPOSITORY, ref=REFS[stage])

    rendered, tested = Rendered(given).resources, Rendered(ENVIRONMENTS[stage]).resources
    assert rendered == tested


def test_an_endpoint_without_tls_is_served_as_such(make_stack: Callable[..., Stack]) -> None:
    given = parameters(make_stack(), REPOSITORY, ref="refs/heads/main", tls_only=False)

    assert given["TlsOnly"] == "false"


def test_the_boundary_is_locked_on_request(make_stack: Callable[..., Stack]) -> None:
    given = parameters(make_stack(), REPOSITORY, ref="refs/heads/main", lock_boundary=True)

    assert given["BoundaryChanges"] == "locked"


def test_data_is_disposable_only_where_a_component_says_so(
    make_stack: Callable[..., Stack],
) -> None:
    kept = parameters(make_stack(), REPOSITORY, ref="refs/heads/main")
    emptied = parameters(make_stack(force_destroy=True), REPOSITORY, ref="refs/heads/main")

    assert kept["DisposableData"] == "false"
    assert emptied["DisposableData"] == "true"


def test_a_preview_is_no_account(make_stack: Callable[..., Stack]) -> None:
    with pytest.raises(UsageError, match="stack pr12 is a preview") as caught:
        parameters(make_stack("pr12"), REPOSITORY, ref="refs/heads/main")
    assert caught.value.remedy == "bootstrap dev, whose account previews live in"


@pytest.mark.parametrize("branch", ["", "main*", "a b"])
def test_a_branch_that_is_none_is_refused(branch: str, make_stack: Callable[..., Stack]) -> None:
    with pytest.raises(UsageError, match="is not a branch's name"):
        parameters(make_stack(), REPOSITORY, ref="refs/heads/main", branch=branch)


@pytest.mark.parametrize(
    ("ref", "expected"),
    [
        ("refs/heads/main", ("", "")),
        ("refs/tags/vX.Y.Z-rc.N", ("v*.*.*-rc.*", "")),
        ("refs/tags/vX.Y.Z", ("v*.*.*", "v*-*")),
    ],
)
def test_tags_are_a_pattern_and_what_it_catches_too_much(
    ref: str, expected: tuple[str, str]
) -> None:
    assert tags(ref) == expected


@pytest.mark.parametrize("ref", ["refs/tags/*", "refs/tags/", "refs/tags/release X", "refs/tags/X"])
def test_tags_that_would_match_anything_are_refused(ref: str) -> None:
    with pytest.raises(UsageError, match="do not start with v") as caught:
        tags(ref)
    assert "policies/promotion.yaml" in caught.value.remedy
