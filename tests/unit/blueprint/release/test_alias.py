"""A release points `live` at the version that holds the built package, or moves nothing."""

from collections.abc import Iterator
from typing import Any

import pytest

from blueprint.errors import BlueprintError
from blueprint.release import alias


class Lambda:
    """A Lambda client with functions in memory: `versions` maps a version to the digest of its code."""

    def __init__(self, versions: dict[str, dict[str, str]], live: dict[str, str]) -> None:
        self.versions = versions
        self.live = live
        self.state = "Active"

    def get_paginator(self, operation: str) -> "Lambda":
        assert operation == "list_versions_by_function"
        return self

    def paginate(self, *, FunctionName: str) -> Iterator[dict[str, Any]]:
        yield {"Versions": [{"Version": "$LATEST", "CodeSha256": "new"}]}
        for version, digest in self.versions[FunctionName].items():
            yield {"Versions": [{"Version": version, "CodeSha256": digest}]}

    def get_alias(self, *, FunctionName: str, Name: str) -> dict[str, str]:
        assert Name == "live"
        return {"FunctionVersion": self.live[FunctionName]}

    def update_alias(self, *, FunctionName: str, Name: str, FunctionVersion: str) -> None:
        assert Name == "live"
        self.live[FunctionName] = FunctionVersion

    def get_function_configuration(self, *, FunctionName: str, Qualifier: str) -> dict[str, str]:
        return {"State": self.state, "StateReason": "out of luck"}


FUNCTIONS = {"api": "acme-api"}


def test_live_moves_to_the_version_with_the_built_package() -> None:
    client = Lambda({"acme-api": {"1": "old", "2": "new"}}, {"acme-api": "1"})

    (released,) = alias.release(FUNCTIONS, {"api": "new"}, client)

    assert (released.before, released.after, released.moved) == ("1", "2", True)
    assert client.live == {"acme-api": "2"}


def test_the_newest_of_equal_versions_is_taken_by_number_not_by_text() -> None:
    client = Lambda({"acme-api": {"9": "new", "10": "new"}}, {"acme-api": "9"})

    alias.release(FUNCTIONS, {"api": "new"}, client)

    assert client.live == {"acme-api": "10"}


def test_a_release_of_what_is_live_moves_nothing() -> None:
    client = Lambda({"acme-api": {"1": "new"}}, {"acme-api": "1"})

    (released,) = alias.release(FUNCTIONS, {"api": "new"}, client)

    assert not released.moved


def test_one_missing_version_leaves_every_alias_where_it_is() -> None:
    client = Lambda(
        {"acme-api": {"1": "old", "2": "new"}, "acme-processor": {"1": "old"}},
        {"acme-api": "1", "acme-processor": "1"},
    )
    functions = {"api": "acme-api", "processor": "acme-processor"}

    with pytest.raises(
        BlueprintError, match="function acme-processor has no version with the built package"
    ) as failed:
        alias.release(functions, {"api": "new", "processor": "new"}, client)

    assert client.live == {"acme-api": "1", "acme-processor": "1"}
    assert "apply the lambda component" in failed.value.remedy


def test_a_version_that_failed_to_start_is_not_made_live() -> None:
    client = Lambda({"acme-api": {"1": "old", "2": "new"}}, {"acme-api": "1"})
    client.state = "Failed"

    with pytest.raises(BlueprintError, match="version 2 of acme-api is Failed: out of luck"):
        alias.release(FUNCTIONS, {"api": "new"}, client)

    assert client.live == {"acme-api": "1"}


def test_a_function_whose_package_was_not_built_is_named() -> None:
    client = Lambda({"acme-api": {"1": "new"}}, {"acme-api": "1"})

    with pytest.raises(BlueprintError, match="no package was built of processor"):
        alias.release({"api": "acme-api", "processor": "acme-processor"}, {"api": "new"}, client)
