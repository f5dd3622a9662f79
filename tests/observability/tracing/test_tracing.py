"""Which sampling rules have an effect, and how many traces they come to."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from blueprint.documents.model import Document, Place, Resource
from blueprint.errors import BlueprintError
from blueprint.observability.inventory import Api, Function, Inventory
from blueprint.observability.tracing import (
    MONTH_SECONDS,
    Origin,
    Reason,
    Root,
    Rule,
    check,
    covers,
    estimate,
    meet,
    of,
    roots,
    usd,
)

STAGE = Root("shop/prod", Origin.REST_STAGE, 100.0, "shop/prod", "AWS::ApiGateway::Stage")
FUNCTION = Root("acme-api", Origin.LAMBDA, 100.0, "acme-api", "AWS::Lambda::Function")
ALL = Rule("all", 100, 1, 0.1)


def reasons(rules: list[Rule], where: list[Root]) -> dict[str, Reason]:
    return {finding.rule: finding.reason for finding in check(rules, where)}


@pytest.mark.parametrize(
    ("wider", "narrower"),
    [
        ("*", "anything"),
        ("*", "a*"),
        ("/orders*", "/orders/?"),
        ("/orders/*", "/orders/*/lines"),
        ("?*", "*?"),
        ("a*b*c", "a1b2c"),
        ("**", "*"),
        ("/health", "/health"),
    ],
)
def test_a_pattern_covers_what_it_is_wider_than(wider: str, narrower: str) -> None:
    assert covers(wider, narrower)


@pytest.mark.parametrize(
    ("wider", "narrower"),
    [
        ("/orders", "*"),
        ("/orders/?", "/orders/*"),
        ("?", "*"),
        ("a*b", "a*"),
        ("/health", "/Health"),
        ("??", "?"),
    ],
)
def test_a_pattern_does_not_cover_what_reaches_past_it(wider: str, narrower: str) -> None:
    assert not covers(wider, narrower)


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("/orders*", "*lines", True),
        ("a*", "b*", False),
        ("a?", "*b", True),
        ("", "*", True),
        ("GET", "POST", False),
        ("*a", "b?", True),
        ("*x*", "???", True),
    ],
)
def test_patterns_meet_when_one_text_matches_both(one: str, other: str, together: bool) -> None:
    assert meet(one, other) is together
    assert meet(other, one) is together


def test_a_rule_about_a_lambda_root_has_no_effect() -> None:
    (finding,) = check([ALL], [FUNCTION])

    assert finding.reason is Reason.FIXED_RATE
    assert "acme-api" in finding.message
    assert "tracing_mode" in str(finding)


def test_a_rule_has_an_effect_where_one_root_of_several_follows_rules() -> None:
    assert check([ALL], [FUNCTION, STAGE]) == []


def test_a_rule_that_names_nothing_of_the_stack_matches_nothing() -> None:
    misspelt = replace(ALL, name="misspelt", service_name="shop/production")

    assert reasons([misspelt], [STAGE, FUNCTION]) == {"misspelt": Reason.MATCHES_NOTHING}


def test_a_rule_below_a_broader_one_is_shadowed() -> None:
    probes = replace(ALL, name="probes", priority=200, method="GET", path="/health")

    (finding,) = check([probes, ALL], [STAGE])

    assert finding.reason is Reason.SHADOWED
    assert finding.message.startswith("all (priority 100)")


@pytest.mark.parametrize(
    "probes",
    [
        replace(ALL, name="probes", priority=50, path="/health"),
        replace(ALL, name="probes", priority=100, path="/health"),
    ],
    ids=["before it", "beside it"],
)
def test_a_rule_that_is_not_below_the_broader_one_is_not_shadowed(probes: Rule) -> None:
    assert check([ALL, probes], [STAGE]) == []


def test_a_rule_for_some_attributes_shadows_only_rules_for_the_same_ones() -> None:
    paying = replace(ALL, name="paying", attributes={"plan": "p*"})
    premium = replace(ALL, name="premium", priority=200, attributes={"plan": "premium"})
    everybody = replace(ALL, name="everybody", priority=300)

    assert reasons([paying, premium, everybody], [STAGE]) == {"premium": Reason.SHADOWED}


def test_a_function_records_one_request_a_second_and_five_percent_of_the_rest() -> None:
    (recorded,) = estimate([ALL], [FUNCTION])

    assert recorded.share == pytest.approx((1 + 0.05 * 99) / 100)
    assert recorded.traces_per_month == pytest.approx(5.95 * MONTH_SECONDS)


def test_below_one_request_a_second_a_function_records_all_of_them() -> None:
    (recorded,) = estimate([], [replace(FUNCTION, requests_per_second=0.39)])

    assert recorded.share == 1
    assert recorded.traces_per_month == pytest.approx(0.39 * MONTH_SECONDS)


def test_functions_do_not_share_a_reservoir() -> None:
    other = replace(FUNCTION, name="acme-worker", service_name="acme-worker")

    assert [r.share for r in estimate([], [FUNCTION, other])] == [pytest.approx(0.0595)] * 2


def test_who_follows_one_rule_shares_its_reservoir() -> None:
    other = replace(STAGE, name="shop/beta", service_name="shop/beta")

    shares = [r.share for r in estimate([replace(ALL, reservoir=20, rate=0.0)], [STAGE, other])]

    assert shares == [pytest.approx(20 / 200)] * 2


def test_the_lowest_number_decides_and_x_ray_s_own_rule_comes_last() -> None:
    none = replace(ALL, name="none", priority=1, reservoir=0, rate=0.0)

    assert estimate([ALL, none], [STAGE])[0].traces_per_month == 0
    assert estimate([], [STAGE])[0].rule == "Default"


def test_nothing_is_recorded_where_tracing_is_off() -> None:
    (recorded,) = estimate([], [replace(FUNCTION, active=False)])

    assert (recorded.rule, recorded.traces_per_month) == (None, 0)


def test_a_root_of_which_a_rule_takes_a_part_has_to_be_split() -> None:
    probes = replace(ALL, name="probes", priority=50, path="/health")

    with pytest.raises(BlueprintError, match="probes is about a part of the requests of shop/prod"):
        estimate([probes], [STAGE])

    split = [
        replace(STAGE, name="probe", path="/health"),
        replace(STAGE, name="rest", path="/orders"),
    ]
    assert [r.rule for r in estimate([probes], split)] == ["probes", "Default"]


@pytest.mark.parametrize(("traces", "price"), [(100_000, 0.0), (50, 0.0), (1_100_000, 5.0)])
def test_traces_cost_money_above_the_free_ones(traces: float, price: float) -> None:
    assert usd(traces, per_million=5.0) == pytest.approx(price)


def inventory(api_type: str) -> Inventory:
    def function(name: str, invoked_by: str) -> Function:
        return Function(name, 10, 256, invoked_by, f"/aws/lambda/{name}")

    return Inventory(
        functions={
            "api": function("acme-api", "api"),
            "authorizer": function("acme-authorizer", "gateway"),
            "processor": function("acme-processor", "queue"),
        },
        api=Api(api_type, "a1b2c3", "shop", "prod", 30_000, "/aws/apigateway/acme"),
    )


@pytest.mark.parametrize(
    ("api_type", "expected"),
    [
        (
            "http",
            [
                ("acme-api", Origin.LAMBDA, 3.0),
                ("acme-authorizer", Origin.LAMBDA, 0.0),
                ("acme-processor", Origin.LAMBDA, 1.0),
            ],
        ),
        (
            "rest",
            [("shop/prod", Origin.REST_STAGE, 3.0), ("acme-processor", Origin.LAMBDA, 1.0)],
        ),
    ],
)
def test_a_trace_begins_at_a_rest_stage_or_else_at_a_function(
    api_type: str, expected: list[tuple[str, Origin, float]]
) -> None:
    found = roots(inventory(api_type), {"api": 3.0, "processor": 1.0})

    assert [(r.name, r.origin, r.requests_per_second) for r in found] == expected


def test_the_stage_of_a_rest_api_is_called_as_x_ray_calls_it() -> None:
    stage, *_ = roots(inventory("rest"), {})

    assert (
        check([replace(ALL, service_name="shop/prod", service_type="AWS::ApiGateway::*")], [stage])
        == []
    )


def test_rules_are_read_from_a_document() -> None:
    values: Mapping[str, object] = {
        "rule_name": "probes",
        "priority": 50,
        "reservoir_size": 2,
        "fixed_rate": 1,
        "service_name": "shop/prod",
        "service_type": "AWS::ApiGateway::Stage",
        "host": "*",
        "http_method": "GET",
        "url_path": "/health",
        "resource_arn": "*",
        "attributes": {"plan": "free"},
    }
    place = Place("aws_xray_sampling_rule.this", "plan.json")
    document = Document(
        "plan.json",
        (),
        (
            Resource("aws_xray_sampling_rule", place, values),
            Resource("aws_xray_group", place, {"group_name": "x"}),
        ),
    )

    assert of(document) == (
        Rule(
            "probes",
            50,
            2,
            1.0,
            service_name="shop/prod",
            service_type="AWS::ApiGateway::Stage",
            method="GET",
            path="/health",
            attributes={"plan": "free"},
        ),
    )
