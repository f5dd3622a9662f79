"""The digest of a plan: the same for the same plan however it is written, another for any change that is real."""

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from blueprint.errors import BlueprintError
from blueprint.review import canonical
from blueprint.review.canonical import Plan

LINEAGE = "5c0b3e4e-0000-4000-8000-000000000001"
IGNORED = {"aws_lambda_function": frozenset({"last_modified", "vpc_config.*.vpc_id"})}
ECHOES = {"aws_apigatewayv2_authorizer": frozenset({"payload_format"})}


def resource(address: str, actions: list[str], before: Any, after: Any, **more: Any) -> Any:
    change = {
        "actions": actions,
        "before": before,
        "after": after,
        "after_unknown": more.pop("unknown", {}),
        "before_sensitive": more.pop("before_sensitive", {}),
        "after_sensitive": more.pop("after_sensitive", {}),
        **more.pop("change", {}),
    }
    kind = address.split(".")[-2]
    return {"address": address, "type": kind, "mode": "managed", "change": change, **more}


def document(*resources: Any, outputs: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "timestamp": "2026-11-23T04:00:00Z",
        "resource_changes": list(resources),
        "output_changes": outputs or {},
        **more,
    }


def whole() -> dict[str, Any]:
    """A plan with one of everything."""
    return document(
        resource(
            "aws_dynamodb_table.this",
            ["update"],
            {"name": "orders", "ttl": [{"enabled": False, "name": "x"}], "tags": {"a.b": "1"}},
            {"name": "orders", "ttl": [{"enabled": True, "name": "x"}], "tags": {"a.b": "2"}},
        ),
        resource(
            "aws_lambda_function.api",
            ["create"],
            None,
            {"memory": 512, "layers": [], "env": [{"variables": {"TABLE": "orders"}}]},
            unknown={"arn": True, "layers": []},
        ),
        resource("aws_sqs_queue.old", ["delete"], {"name": "old"}, None),
        resource("aws_sqs_queue.new", ["delete", "create"], {"name": "a"}, {"name": "b"}),
        resource(
            "aws_ssm_parameter.key",
            ["update"],
            {"value": "hunter2"},
            {"value": "hunter3"},
            before_sensitive={"value": True},
            after_sensitive={"value": True},
        ),
        resource("aws_iam_role.kept", ["forget"], {"name": "kept"}, None),
        resource("aws_iam_role.new", ["no-op"], {"n": 1}, {"n": 1}, previous_address="x.old"),
        resource(
            "aws_iam_role.taken", ["no-op"], {"n": 1}, {"n": 1}, change={"importing": {"id": "t"}}
        ),
        resource("aws_sqs_queue.copy", ["delete"], {"name": "c"}, None, deposed="ab12"),
        outputs={"arn": {"actions": ["update"], "before": "a", "after": "b"}},
    )


def read(plan: Any) -> Plan:
    return canonical.read(plan, ignored=IGNORED, echoes=ECHOES)


def digest(plan: Any, *, lineage: str = LINEAGE) -> str | None:
    return read(plan).digest(lineage=lineage)


def shuffled(value: Any, shuffle: random.Random) -> Any:
    """`value` with its keys in another order."""
    if isinstance(value, dict):
        items = list(value.items())
        shuffle.shuffle(items)
        return {key: shuffled(item, shuffle) for key, item in items}
    if isinstance(value, list):
        return [shuffled(item, shuffle) for item in value]
    return value


@pytest.mark.parametrize("seed", range(25))
def test_neither_the_order_of_keys_nor_of_resources_changes_the_digest(seed: int) -> None:
    order = random.Random(seed)  # noqa: S311 (a shuffle, not a secret)
    plan = shuffled(whole(), order)
    order.shuffle(plan["resource_changes"])

    assert digest(plan) == digest(whole())


def test_what_terraform_only_read_found_or_timed_does_not_change_it() -> None:
    noisy = whole() | {
        "timestamp": "2026-11-24T00:00:00Z",
        "resource_drift": [resource("aws_sqs_queue.new", ["update"], {"arn": "a"}, {"arn": "b"})],
        "prior_state": {"values": {"anything": 1}},
        "relevant_attributes": [{"resource": "a", "attribute": ["b"]}],
    }
    noisy["resource_changes"] += [
        resource("data.aws_caller_identity.this", ["read"], None, {"account": "1"}),
        resource("aws_sqs_queue.same", ["no-op"], {"n": 1}, {"n": 1}),
    ]

    assert digest(noisy) == digest(whole())


def test_what_stays_equal_in_an_update_does_not_count() -> None:
    """A refresh moves an attribute nobody sets: the change that is planned is the same one."""
    later = whole()
    for side in ("before", "after"):
        later["resource_changes"][0]["change"][side]["stream_label"] = "2026-11-24"

    assert digest(later) == digest(whole())


def leaves(value: Any, reach: Callable[[Any], Any]) -> Iterator[tuple[Callable[[Any], Any], Any]]:
    """Each place in `value` that holds a plain value: a function from a copy to its parent, and the key there."""
    if isinstance(value, dict):
        for key, item in value.items():
            if isinstance(item, dict | list) and item:
                yield from leaves(item, lambda root, key=key: reach(root)[key])
            else:
                yield reach, key
    elif isinstance(value, list):
        for place, item in enumerate(value):
            if isinstance(item, dict | list) and item:
                yield from leaves(item, lambda root, place=place: reach(root)[place])
            else:
                yield reach, place


def planned_values() -> list[tuple[int, str, Callable[[Any], Any], Any]]:
    found = []
    for position, each in enumerate(whole()["resource_changes"]):
        for side in ("before", "after"):
            content = each["change"][side]
            if each["change"]["actions"] == ["no-op"]:
                continue
            found += [
                (position, side, reach, key)
                for reach, key in leaves(content, lambda root: root)
                if content is not None
            ]
    return found


@pytest.mark.parametrize("place", range(len(planned_values())))
def test_any_other_value_that_takes_part_changes_the_digest(place: int) -> None:
    position, side, reach, key = planned_values()[place]
    other = whole()
    change = other["resource_changes"][position]["change"]
    parent = reach(change[side])
    parent[key] = "something else entirely"

    assert digest(other) != digest(whole())


@pytest.mark.parametrize("position", range(9))
def test_a_resource_more_or_less_and_another_address_or_action_change_it(position: int) -> None:
    without, renamed, acted = whole(), whole(), whole()
    del without["resource_changes"][position]
    renamed["resource_changes"][position]["address"] += "x"
    acted["resource_changes"][position]["change"]["actions"] = ["create", "delete"]
    digests = {digest(plan) for plan in (whole(), without, renamed, acted)}

    assert len(digests) == 4


@pytest.mark.parametrize(
    "changed",
    [
        {"previous_address": "x.other"},
        {"deposed": "cd34"},
        {"change": {"importing": {"id": "u"}}},
    ],
)
def test_where_a_resource_comes_from_is_part_of_it(changed: Any) -> None:
    found = {
        digest(document(resource("a.b", ["update"], {"n": 1}, {"n": 2}, **copy.deepcopy(more))))
        for more in ({}, changed)
    }

    assert len(found) == 2


def test_true_is_not_one_and_unknown_is_not_a_map_that_looks_like_it() -> None:
    plans = [
        document(resource("a.b", ["create"], None, {"n": value}, unknown=unknown))
        for value, unknown in (
            (True, {}),
            (1, {}),
            ("1", {}),
            ({"$unknown": True}, {}),
            (None, {"n": True}),
        )
    ]

    assert len({digest(plan) for plan in plans}) == len(plans)


def test_null_and_absent_are_the_same() -> None:
    plans = [
        document(resource("a.b", ["create"], None, {"n": 1, "blocks": [block]}))
        for block in ({"x": 1}, {"x": 1, "y": None})
    ]

    assert digest(plans[0]) == digest(plans[1])


def test_a_dot_in_a_key_is_not_a_step_of_a_path() -> None:
    dotted = document(resource("a.b", ["update"], {"t": {"x.y": 1}}, {"t": {"x.y": 2}}))
    nested = document(resource("a.b", ["update"], {"t": {"x": {"y": 1}}}, {"t": {"x": {"y": 2}}}))

    assert digest(dotted) != digest(nested)


def test_an_output_that_changes_is_part_of_it() -> None:
    changed = {"arn": {"actions": ["update"], "before": "a", "after": "c"}}

    assert digest(document(outputs=changed)) is not None
    assert digest(document(outputs=changed)) != digest(
        document(outputs={"arn": changed["arn"] | {"after": "d"}})
    )
    assert digest(document(outputs={"arn": changed["arn"] | {"actions": ["no-op"]}})) is None


def test_a_sensitive_value_enters_as_a_keyed_hash() -> None:
    other = whole()
    other["resource_changes"][4]["change"]["after"]["value"] = "hunter4"

    assert digest(other) != digest(whole())
    assert digest(whole(), lineage="another state") != digest(whole())
    form = str(read(whole())._form(b"key"))
    assert "hunter" not in form
    assert "$sensitive" in form


def test_a_value_that_becomes_sensitive_is_a_change() -> None:
    (touched,) = read(
        document(resource("a.b", ["update"], {"v": "x"}, {"v": "x"}, after_sensitive={"v": True}))
    ).resources

    assert [difference.path for difference in touched.differences] == [("v",)]


def test_marks_that_do_not_fit_a_list_hide_the_whole_of_it() -> None:
    (touched,) = read(
        document(
            resource("a.b", ["create"], None, {"v": ["x", "y"]}, after_sensitive={"v": [True]})
        )
    ).resources

    assert repr(touched.after["v"]) == "Sensitive(value=['x', 'y'])"


@pytest.mark.parametrize(
    "plan", [None, document(), document(resource("a.b", ["no-op"], {"n": 1}, {"n": 1}))]
)
def test_a_plan_that_does_nothing_has_no_digest(plan: Any) -> None:
    assert digest(plan) is None


def test_declared_attributes_are_left_out_and_never_hide_the_change_itself() -> None:
    def update(**after: Any) -> Any:
        before = {"last_modified": "1", "memory": 1, "vpc_config": [{"vpc_id": "a", "id": 1}]}
        return document(
            resource("aws_lambda_function.api", ["update"], before, {**before, **after})
        )

    alone = update(last_modified="2")
    assert digest(alone) is not None
    assert digest(alone) == digest(update(vpc_config=[{"vpc_id": "b", "id": 1}]))
    assert digest(update(memory=2, last_modified="2")) == digest(update(memory=2))
    assert digest(update(vpc_config=[{"vpc_id": "a", "id": 2}])) != digest(alone)


def test_the_same_attribute_of_another_type_is_not_left_out() -> None:
    plans = [
        document(resource("aws_x.api", ["create"], None, {"last_modified": value}))
        for value in ("1", "2")
    ]

    assert digest(plans[0]) != digest(plans[1])


def echo(actions: list[str], **after: Any) -> Any:
    before = {"payload_format": "2.0", "name": "jwt"}
    return resource("aws_apigatewayv2_authorizer.jwt", actions, before, {**before, **after})


def test_an_update_of_nothing_but_an_echo_is_no_change() -> None:
    unknown = {"id": {"actions": ["update"], "before": "a", "after_unknown": True}}

    assert digest(document(echo(["update"], payload_format=None), outputs=unknown)) is None


@pytest.mark.parametrize(
    "change",
    [
        echo(["update"], payload_format=None, name="other"),
        echo(["delete", "create"], payload_format=None),
        echo(["update"], payload_format=None) | {"previous_address": "aws_x.y"},
        echo(["update"]),
    ],
)
def test_more_than_an_echo_is_a_change(change: Any) -> None:
    assert digest(document(change)) is not None


def test_an_output_with_a_new_value_is_a_change_also_beside_an_echo() -> None:
    known = {"id": {"actions": ["update"], "before": "a", "after": "b"}}

    assert digest(document(echo(["update"], payload_format=None), outputs=known)) is not None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format_version": "2.0"}, r"format is 2\.0"),
        ({"errored": True}, "only a part"),
        ({"complete": False}, "only a part"),
    ],
)
def test_a_plan_that_cannot_be_read_as_a_whole_is_refused(change: Any, message: str) -> None:
    with pytest.raises(BlueprintError, match=message) as refused:
        digest(document() | change)

    assert refused.value.remedy
