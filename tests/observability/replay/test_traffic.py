"""What the modelled services report adds up, and each fault moves the series it should."""

from collections.abc import Callable

import pytest

from blueprint.catalogue import catalogue
from blueprint.cloudwatch.model import Metric
from blueprint.replay import series, traffic
from blueprint.replay.concurrency import Concurrency
from blueprint.replay.latency import Latency
from blueprint.replay.recording import Recording
from blueprint.replay.requests import Api
from blueprint.replay.scenarios import WARM_UP, Conditions, Fault, Poison, Scenario
from blueprint.replay.system import System
from tests.observability.replay.building import PREFIX

Make = Callable[..., Scenario]
MakeFault = Callable[..., Fault]

API = f"{PREFIX}-api"
PROCESSOR = f"{PREFIX}-processor"
SCHEDULER = f"{PREFIX}-scheduler"
ORDERS = f"{PREFIX}-orders"
DLQ = f"{PREFIX}-orders-dlq"


def http(metric: str) -> Metric:
    return Metric.of("AWS/ApiGateway", metric, {"ApiId": "a1b2c3", "Stage": "$default"})


def rest(metric: str) -> Metric:
    return Metric.of("AWS/ApiGateway", metric, {"ApiName": f"{PREFIX}-api"})


def during(recording: Recording, metric: Metric, fault: Fault) -> float:
    """Sum of the samples of one series while a fault lasts."""
    return sum(
        value * count
        for minute, samples in recording.of(metric).items()
        for value, count in samples.items()
        if fault.start <= minute < fault.end
    )


def count(recording: Recording, metric: Metric) -> int:
    """How many samples one series has."""
    return sum(sum(samples.values()) for samples in recording.of(metric).values())


def latest(recording: Recording, metric: Metric, minute: int) -> float:
    """The only value of one series in one minute."""
    (value,) = recording.of(metric)[minute]
    return value


def everything(recording: Recording) -> dict[Metric, dict[int, dict[float, int]]]:
    return {
        metric: {minute: dict(samples) for minute, samples in recording.of(metric).items()}
        for metric in recording.metrics
    }


def test_the_same_seed_gives_the_same_series(make_scenario: Make, system: System) -> None:
    scenario = make_scenario()

    first, again = (traffic.play(scenario, system).recording for _ in range(2))

    assert everything(first) == everything(again)


def test_another_seed_gives_other_series(make_scenario: Make, system: System) -> None:
    first = traffic.play(make_scenario(seed=1), system).recording
    other = traffic.play(make_scenario(seed=2), system).recording

    assert everything(first) != everything(other)


def test_what_a_pack_does_not_watch_changes_nothing_of_what_it_does(
    make_scenario: Make, system: System
) -> None:
    whole = traffic.play(make_scenario(), system).recording
    part = traffic.play(make_scenario(), system, watched={http("5xx")}).recording

    assert part.metrics == (http("5xx"),)
    assert part.of(http("5xx")) == whole.of(http("5xx"))


def test_a_month_has_the_requests_it_is_said_to_have(make_scenario: Make, system: System) -> None:
    recording = traffic.play(make_scenario(days=7), system, watched={http("Count")}).recording

    after_warm_up = sum(
        count
        for minute, samples in recording.of(http("Count")).items()
        for count in samples.values()
        if minute >= WARM_UP
    )
    assert after_warm_up == pytest.approx(1_000_000 * 7 / 30, rel=0.01)


@pytest.mark.parametrize("raises", [True, False])
def test_every_request_is_accounted_for(
    raises: bool, make_scenario: Make, make_fault: MakeFault, system: System
) -> None:
    fault = make_fault(
        throttled_function="api",
        throttled_share=0.3,
        api_failure_share=0.2,
        api_failure_raises=raises,
    )
    recording = traffic.play(make_scenario(fault), system).recording

    requests = recording.total(http("Count"))
    invocations = recording.total(series.of_function(API, "Invocations"))
    throttled = recording.total(series.of_function(API, "Throttles"))
    raised = recording.total(series.of_function(API, "Errors"))
    lines = recording.total(Metric(f"{PREFIX}/logs", "api-application-errors"))
    integrated = count(recording, http("IntegrationLatency"))
    refused = requests - integrated
    assert throttled > 0
    assert integrated == invocations + throttled
    assert count(recording, http("Latency")) == requests
    assert count(recording, series.of_function(API, "Duration")) == invocations
    assert 0 < refused < recording.total(http("4xx"))
    # Whoever is answered 5xx was throttled, or has left a line: raised or answered by the function.
    assert recording.total(http("5xx")) == throttled + lines
    assert 0 < raised < lines


@pytest.mark.parametrize("raises", [True, False])
def test_every_request_has_one_outcome(raises: bool, make_scenario: Make, system: System) -> None:
    recording = Recording()
    api = Api(make_scenario(), system, recording, Concurrency(system, recording))
    conditions = Conditions(
        api_failure_share=0.2,
        api_failure_raises=raises,
        table_throttled_share=0.1,
        throttled_function="api",
        throttled_share=0.1,
        slow_share=0.1,
        slow_latency=Latency(60_000, 61_000),
    )

    outcomes = [api.minute(minute, 200, conditions) for minute in range(50)]

    for outcome in outcomes:
        assert outcome.requests == 200
        assert outcome.requests == outcome.refused + outcome.throttled + outcome.invocations
        assert outcome.invocations == (
            outcome.rejected + outcome.raised + outcome.answered_5xx + outcome.served
        )
        assert outcome.table_throttled <= outcome.answered_5xx
        assert outcome.orders <= outcome.served
    assert all(sum(getattr(each, name) for each in outcomes) for name in vars(outcomes[0]))


def test_rest_and_http_names_tell_the_same(make_scenario: Make, system: System) -> None:
    recording = traffic.play(make_scenario(), system).recording

    for old, new in (("4XXError", "4xx"), ("5XXError", "5xx"), ("Latency", "Latency")):
        assert recording.of(rest(old)) == recording.of(http(new))
    # The average is the error rate: a zero for each good request.
    assert count(recording, rest("5XXError")) == recording.total(http("Count"))


def test_every_message_is_accounted_for(
    make_scenario: Make, make_fault: MakeFault, system: System
) -> None:
    fault = make_fault(
        start=300,
        minutes=60,
        poison=Poison(7, raises=False),
        processing_failure_share=0.5,
    )
    played = traffic.play(make_scenario(fault), system)

    messages, recording = played.messages, played.recording
    sent = recording.total(series.of_queue(ORDERS, "NumberOfMessagesSent"))
    deleted = recording.total(series.of_queue(ORDERS, "NumberOfMessagesDeleted"))
    assert messages.sent == sent
    assert messages.received == recording.total(series.of_queue(ORDERS, "NumberOfMessagesReceived"))
    assert messages.deleted == deleted
    assert messages.dead >= 7
    assert sent == deleted + messages.dead + messages.expired + messages.waiting
    assert sent == recording.total(series.of_service(system, "api", "OrdersPlaced")) + 7
    assert deleted == recording.total(series.of_service(system, "processor", "OrdersConfirmed"))
    assert messages.received - deleted == recording.total(
        Metric(f"{PREFIX}/logs", "processor-application-errors")
    )


def test_a_poison_message_is_received_as_often_as_the_queue_allows_and_then_lies_dead(
    make_scenario: Make, make_fault: MakeFault, system: System
) -> None:
    fault = make_fault(start=60, minutes=300, poison=Poison(1, raises=False))
    scenario = make_scenario(fault, requests_per_month=1, processing_failure_share=0)

    recording = traffic.play(scenario, system).recording

    received = recording.of(series.of_queue(ORDERS, "NumberOfMessagesReceived"))
    assert [minute for minute, samples in received.items() if 1.0 in samples] == [
        60,
        63,
        66,
        69,
        72,
    ]
    visible = series.of_queue(DLQ, "ApproximateNumberOfMessagesVisible")
    assert min(recording.of(visible)) == 75
    assert latest(recording, visible, 359) == 1
    # Redriven when the fault ends, and reported for six more hours.
    assert latest(recording, visible, 360) == 0
    assert max(recording.of(visible)) == 360 + 359
    # The function reported the record: no invocation failed.
    assert recording.total(series.of_function(PROCESSOR, "Errors")) == 0


def test_a_message_that_crashes_the_function_fails_the_invocation(
    make_scenario: Make, make_fault: MakeFault, system: System
) -> None:
    fault = make_fault(start=60, minutes=300, poison=Poison(1, raises=True))
    scenario = make_scenario(fault, requests_per_month=1)

    recording = traffic.play(scenario, system).recording

    assert recording.total(series.of_function(PROCESSOR, "Errors")) == 5


def test_sqs_falls_silent_about_a_dead_letter_nobody_touches(
    make_scenario: Make, make_fault: MakeFault, system: System
) -> None:
    fault = make_fault(start=0, minutes=1300, poison=Poison(1, raises=False))

    recording = traffic.play(make_scenario(fault), system).recording

    reported = recording.of(series.of_queue(DLQ, "ApproximateNumberOfMessagesVisible"))
    assert 15 + 359 in reported
    assert 15 + 360 not in reported
    assert latest(recording, series.of_queue(DLQ, "ApproximateAgeOfOldestMessage"), 115) == 6000


def test_a_stopped_consumer_makes_messages_old_and_takes_none(
    make_scenario: Make, make_fault: MakeFault, system: System
) -> None:
    fault = make_fault(start=600, minutes=60, consumer_stopped=True)
    recording = traffic.play(make_scenario(fault), system).recording

    assert during(recording, series.of_queue(ORDERS, "NumberOfMessagesReceived"), fault) == 0
    assert during(recording, series.of_queue(ORDERS, "NumberOfMessagesSent"), fault) > 50
    age = series.of_queue(ORDERS, "ApproximateAgeOfOldestMessage")
    assert latest(recording, age, 659) > 50 * 60
    assert latest(recording, age, 670) < 10 * 60


def test_messages_nobody_takes_expire(
    make_scenario: Make, make_fault: MakeFault, system: System
) -> None:
    fault = make_fault(start=0, minutes=5 * 1440, consumer_stopped=True)

    played = traffic.play(make_scenario(fault, days=5, requests_per_month=20_000), system)

    # Retention is four days: what was sent on the first day is gone on the fifth.
    assert played.messages.expired > 0
    assert played.messages.sent == (
        played.messages.deleted + played.messages.expired + played.messages.waiting
    )


@pytest.mark.parametrize(
    ("conditions", "metric"),
    [
        ({"api_failure_share": 1.0}, http("5xx")),
        ({"api_failure_share": 1.0}, series.of_function(API, "Errors")),
        ({"client_error_share": 0.5}, http("4xx")),
        ({"traffic_factor": 5.0}, http("Count")),
        ({"table_throttled_share": 0.5}, http("5xx")),
        (
            {"throttled_function": "api", "throttled_share": 1.0},
            series.of_function(API, "Throttles"),
        ),
        (
            {"throttled_function": "processor", "throttled_share": 1.0},
            series.of_function(PROCESSOR, "Throttles"),
        ),
        ({"throttled_function": "api"}, series.of_account("ClaimedAccountConcurrency")),
        (
            {"processing_failure_share": 1.0},
            series.of_queue(ORDERS, "ApproximateNumberOfMessagesNotVisible"),
        ),
        ({"schedule": "failing"}, series.of_function(SCHEDULER, "Errors")),
        ({"schedule": "failing"}, series.of_function(SCHEDULER, "AsyncEventsDropped")),
        (
            {"schedule": "failing"},
            series.of_queue(f"{PREFIX}-failures", "ApproximateNumberOfMessagesVisible"),
        ),
        (
            {"schedule": "refused"},
            Metric.of("AWS/Scheduler", "InvocationDroppedCount", {"ScheduleGroup": "default"}),
        ),
        (
            {"schedule": "refused"},
            series.of_queue(f"{PREFIX}-schedule-dlq", "ApproximateNumberOfMessagesVisible"),
        ),
        (
            {"sign_in_throttled_share": 0.9},
            Metric.of(
                "AWS/Cognito",
                "SignInThrottles",
                {"UserPool": "us-east-1_Pool", "UserPoolClient": "client"},
            ),
        ),
    ],
)
def test_a_fault_raises_the_series_it_should(
    conditions: dict[str, object],
    metric: Metric,
    make_scenario: Make,
    make_fault: MakeFault,
    system: System,
) -> None:
    fault = make_fault(**conditions)

    quiet = traffic.play(make_scenario(), system, watched={metric}).recording
    loud = traffic.play(make_scenario(fault), system, watched={metric}).recording

    assert during(loud, metric, fault) > 3 * during(quiet, metric, fault) + 3


def test_throttles_of_the_table_reach_its_index(
    make_scenario: Make, make_fault: MakeFault, system: System
) -> None:
    fault = make_fault(table_throttled_share=0.5)

    recording = traffic.play(make_scenario(fault), system).recording

    assert recording.total(series.of_table(system, "ReadThrottleEvents")) > 0
    writes = recording.total(series.of_table(system, "WriteThrottleEvents"))
    assert writes == recording.total(series.of_index(system, "WriteThrottleEvents")) > 0


def test_a_slow_table_makes_requests_slow_and_a_very_slow_one_makes_them_time_out(
    make_scenario: Make, make_fault: MakeFault, system: System
) -> None:
    slow = make_fault(slow_share=1.0, slow_latency=Latency(2000, 2500))
    slower = make_fault(slow_share=1.0, slow_latency=Latency(60_000, 61_000))

    one = traffic.play(make_scenario(slow), system).recording
    other = traffic.play(make_scenario(slower), system).recording

    latencies = one.of(http("Latency"))[610]
    # Those refused by the gateway never see the table; cold starts are drawn apart.
    assert sum(count for value, count in latencies.items() if value > 1000) > 0.8 * sum(
        latencies.values()
    )
    assert during(one, http("5xx"), slow) < 10
    raised = during(other, series.of_function(API, "Errors"), slower)
    assert raised > 0.9 * during(other, series.of_function(API, "Invocations"), slower)
    assert max(other.of(series.of_function(API, "Duration"))[610]) == 25_000


def test_a_schedule_that_stops_falls_silent(
    make_scenario: Make, make_fault: MakeFault, system: System
) -> None:
    fault = make_fault(start=600, minutes=60, schedule="stopped")
    recording = traffic.play(make_scenario(fault), system).recording

    runs = sorted(recording.of(series.of_function(SCHEDULER, "Invocations")))
    assert runs[:3] == [0, 5, 10]
    assert [minute for minute in runs if 590 <= minute <= 665] == [590, 595, 660, 665]


def test_every_series_is_one_that_aws_reports(
    make_scenario: Make, make_fault: MakeFault, system: System
) -> None:
    known = catalogue.load()
    faults = (
        make_fault(start=100, schedule="failing", table_throttled_share=0.5),
        make_fault(start=300, schedule="refused", poison=Poison(1, raises=True)),
    )

    recording = traffic.play(make_scenario(*faults), system).recording

    wrong = [
        metric
        for metric in recording.metrics
        if metric.namespace.startswith("AWS/")
        and not any(
            frozenset(name for name, _ in metric.dimensions) in fact.dimension_sets
            for fact in known.facts(metric.namespace, metric.name)
        )
    ]
    assert wrong == []
    assert {metric.namespace for metric in recording.metrics} >= {
        "AWS/ApiGateway",
        "AWS/Lambda",
        "AWS/SQS",
        "AWS/DynamoDB",
        "AWS/Scheduler",
        "AWS/Cognito",
        PREFIX,
        f"{PREFIX}/logs",
    }


def test_samples_of_one_minute_are_added_and_shared_ones_stay_as_they_are() -> None:
    recording = Recording()
    one, other = Metric("n", "one"), Metric("n", "other")

    recording.reporter(one).one(3, 1.0)
    recording.reporter(other).one(3, 1.0)
    recording.reporter(one).note(3, {1.0: 2, 5.0: 1})
    recording.reporter(one).one(4, 2.0, count=0)

    assert recording.of(one) == {3: {1.0: 3, 5.0: 1}}
    assert recording.of(other) == {3: {1.0: 1}}
    assert recording.total(one) == 8
    assert recording.of(Metric("n", "third")) == {}
