"""A witness counts only if the evaluator goes to ALARM and back with it."""

from blueprint.catalogue import catalogue
from blueprint.cloudwatch.model import MetricAlarm
from blueprint.reachability import series, witness
from blueprint.reachability.verdict import Witness
from tests.observability.reachability.given import ERRORS, THROTTLED, watching


def found(alarm: MetricAlarm) -> Witness | None:
    [query] = alarm.queries
    assert query.metric is not None
    _, at = series.find(query.metric, query.unit, catalogue.load(), ())
    assert at is not None
    return witness.find(alarm, {query.id: at}, {})


def test_values_that_fire_and_clear_are_told_in_words() -> None:
    assert found(watching(ERRORS, "Sum", period=300)) == Witness(
        "6 (Errors 1 x 6 in each 300 s)", "0 (Errors 0 in each 300 s)"
    )


def test_silence_that_the_evaluator_ignores_is_no_witness() -> None:
    """Silence does not breach here, but an alarm on DynamoDB keeps its state in it."""
    assert found(watching(THROTTLED, "Sum", threshold=0)) is None
    assert found(watching(THROTTLED, "Sum", threshold=10)) is not None


def test_there_is_no_witness_for_what_cannot_be() -> None:
    assert found(watching(ERRORS, "Average", threshold=1)) is None
