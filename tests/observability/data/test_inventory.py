"""What is watched follows from a stack's values alone."""

import re

import pytest

from blueprint import paths
from blueprint.errors import UsageError
from blueprint.observability import inventory, signals
from blueprint.stacks import atmos, environment
from blueprint.stacks.model import Component, Stack


@pytest.fixture(scope="module")
def prod() -> Stack:
    return atmos.stack("prod", environment.base())


def changed(stack: Stack, component: str, **values: object) -> Stack:
    """`stack` with other values of one component; None takes a value away."""
    old = stack.component(component)
    kept = {name: value for name, value in {**old.values, **values}.items() if value is not None}
    new = Component(
        old.name, old.stack, old.directory, kept, old.depends_on, old.inputs, old.backend
    )
    return Stack(stack.name, {**stack.components, component: new}, stack.emulated, stack.settings)


def test_the_shipped_stack_is_watched_whole(prod: Stack) -> None:
    found = inventory.of(prod)

    assert {role: function.invoked_by for role, function in found.functions.items()} == {
        "api": "api",
        "processor": "queue",
        "scheduler": "schedule",
        "authorizer": "gateway",
    }
    assert [role for role, one in found.functions.items() if one.failure_destination] == [
        "scheduler"
    ]
    assert {key: queue.kind for key, queue in found.queues.items()} == {
        "orders": "work",
        "orders-dlq": "dead_letter",
        "schedule-dlq": "dead_letter",
        "failures": "dead_letter",
    }
    assert found.schedules["resend-orders"].period_seconds == 300
    assert found.api is not None
    assert found.api.type == "http"
    assert found.functions["processor"].name == "acme-useast1-prod-processor"


def test_a_new_function_is_watched_without_a_word_elsewhere(prod: Stack) -> None:
    functions = dict(prod.component("lambda").values["functions"])
    functions["mailer"] = {"handler": "h", "memory_mb": 128, "timeout_seconds": 9}
    functions["billing"] = {**functions["mailer"], "event_source": {"queue_arn": "arn"}}

    found = inventory.of(changed(prod, "lambda", functions=functions)).functions

    assert found["mailer"].invoked_by == "api"
    assert found["billing"].invoked_by == "queue"
    assert found["mailer"].log_group_name == "/aws/lambda/acme-useast1-prod-mailer"


@pytest.mark.parametrize(
    ("values", "seconds"),
    [
        ({"schedule_expression": "rate(1 minute)"}, 60),
        ({"schedule_expression": "rate(2 hours)"}, 7200),
        ({"schedule_expression": "rate(1 day)"}, 86400),
        ({"schedule_expression": "cron(0/5 * * * ? *)"}, None),
        ({"state": "DISABLED"}, None),
    ],
)
def test_only_a_run_that_can_be_missed_has_a_period(
    prod: Stack, values: dict[str, str], seconds: int | None
) -> None:
    found = inventory.of(changed(prod, "scheduler", **values))

    assert found.schedules["resend-orders"].period_seconds == seconds
    assert inventory.resources(found)["functions"]["scheduler"]["interval_seconds"] == seconds


def test_a_value_that_is_nowhere_is_told_with_its_component(prod: Stack) -> None:
    with pytest.raises(UsageError, match="component sqs has no value `visibility_timeout_seconds`"):
        inventory.of(changed(prod, "sqs", visibility_timeout_seconds=None))


@pytest.mark.parametrize(("component", "name"), list(inventory.DEFAULTS))
def test_defaults_are_those_of_the_components(component: str, name: str) -> None:
    files = (paths.COMPONENTS / component).glob("*.tf")
    text = next(t for t in (f.read_text() for f in files) if f'variable "{name}"' in t)
    block = text.split(f'variable "{name}"')[1].split("\nvariable ")[0]
    default = re.search(r"^  default +=\s*(.+)$", block, re.MULTILINE)

    assert default is not None
    assert default[1].strip('"') == str(inventory.DEFAULTS[component, name])


def test_resources_have_the_attributes_that_signals_may_use(prod: Stack) -> None:
    found = inventory.resources(inventory.of(prod), concurrency_quota=1000)

    for kind, known in signals.KINDS.items():
        for attributes in found[kind].values():
            assert set(attributes) - {"indexes"} <= known.attributes, kind
    assert found["indexes"]["orders-gsi1"]["table"] == "orders"
    assert found["user_pool_clients"]["users-people"]["pool"] == "users"
    assert found["account"]["account"] == {"concurrency_quota": 1000}


def test_what_is_not_of_the_account_is_not_watched_as_such(prod: Stack) -> None:
    assert inventory.resources(inventory.of(prod))["account"] == {}


def test_kinds_are_those_of_the_component() -> None:
    """The component derives the same: a kind or an attribute that only one of the two knows would be lost."""
    main = (paths.COMPONENTS / "observability" / "main.tf").read_text()

    for kind, known in signals.KINDS.items():
        assert f"\n    {kind} = " in main, kind
        for dimension in known.dimensions:
            assert dimension in main, dimension
