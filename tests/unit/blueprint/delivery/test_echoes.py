"""Only what is declared, only as an update in place, is taken for an echo of the embedded AWS."""

from typing import Any

import pytest

from blueprint.delivery import echoes
from blueprint.delivery.echoes import Change

KNOWN = {"aws_apigatewayv2_authorizer": frozenset({"payload_format"})}


def plan(
    before: Any, after: Any, *, actions: list[str] | None = None, unknown: Any = None
) -> dict[str, Any]:
    change = {
        "actions": actions or ["update"],
        "before": before,
        "after": after,
        "after_unknown": unknown or {},
    }
    return {
        "resource_changes": [
            {"address": "a.this", "type": "aws_apigatewayv2_authorizer", "change": change}
        ]
    }


def only(document: dict[str, Any]) -> Change:
    (change,) = echoes.changes(document)
    return change


def test_a_plan_without_changes_has_none() -> None:
    assert list(echoes.changes(plan({"a": 1}, {"a": 1}, actions=["no-op"]))) == []


def test_a_declared_attribute_alone_is_an_echo() -> None:
    change = only(
        plan({"payload_format": "2.0", "name": "x"}, {"payload_format": None, "name": "x"})
    )

    assert echoes.is_echo(change, KNOWN)


def test_another_attribute_beside_it_is_a_change() -> None:
    change = only(
        plan({"payload_format": "2.0", "name": "x"}, {"payload_format": None, "name": "y"})
    )

    assert change.attributes == {"payload_format", "name"}
    assert not echoes.is_echo(change, KNOWN)


@pytest.mark.parametrize("actions", [["delete", "create"], ["create"], ["delete"]])
def test_a_replacement_is_never_an_echo(actions: list[str]) -> None:
    change = only(plan({"payload_format": "2.0"}, {"payload_format": None}, actions=actions))

    assert not echoes.is_echo(change, KNOWN)


def test_the_same_attribute_of_another_type_is_a_change() -> None:
    change = only(plan({"payload_format": "2.0"}, {"payload_format": None}))

    assert not echoes.is_echo(change, {"aws_lambda_function": frozenset({"payload_format"})})


def test_attributes_within_blocks_are_named_by_their_path() -> None:
    before = {"settings": [{"rate": 1, "burst": 2}], "tags": {"a": "1"}}
    after = {"settings": [{"rate": 5, "burst": 2}], "tags": {"a": "2"}}

    assert only(plan(before, after)).attributes == {"settings.*.rate", "tags.a"}


def test_a_value_known_only_after_apply_counts_as_changed() -> None:
    change = only(plan({"arn": "a"}, {}, unknown={"arn": True}))

    assert change.attributes == {"arn"}


def test_a_changed_output_alone_is_a_change() -> None:
    document = {"output_changes": {"arn": {"actions": ["update"]}, "name": {"actions": ["no-op"]}}}

    assert only(document) == Change("output.arn", "output", ("update",), frozenset({"value"}))


def test_outputs_that_follow_from_a_resource_are_not_counted_beside_it() -> None:
    document = plan({"name": "x"}, {"name": "y"}) | {
        "output_changes": {"n": {"actions": ["update"]}}
    }

    assert only(document).address == "a.this"


def test_every_declared_echo_has_a_reason() -> None:
    import yaml

    for row in yaml.safe_load(echoes.DECLARED.read_text()):
        assert set(row) == {"type", "attributes", "reason"}
        assert row["attributes"]
        assert len(row["reason"]) > 20
