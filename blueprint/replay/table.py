"""The table: capacity it spends, what it throttles, and how long it takes."""

from blueprint.replay import series
from blueprint.replay.recording import Recording, Reporter
from blueprint.replay.requests import Outcome
from blueprint.replay.scenarios import Conditions, Scenario
from blueprint.replay.system import System

# The SDK tries a throttled call this often before the function gives up on it: each try is an event.
_TRIES = 3
_USUAL_MS = 5.0
# Write units of one order: the order and its key for repeated requests; its confirmation is one more.
_WRITES_PER_ORDER = 2
# Which operations the requests become.
_OPERATIONS = {"GetItem": 0.7, "Query": 0.2, "PutItem": 0.1}


class Table:
    """The one table and its index."""

    def __init__(self, scenario: Scenario, system: System, recording: Recording) -> None:
        def both(name: str) -> tuple[Reporter, Reporter]:
            return (
                recording.reporter(series.of_table(system, name)),
                recording.reporter(series.of_index(system, name)),
            )

        self._order_share = scenario.traffic.order_share
        self._reads = both("ConsumedReadCapacityUnits")
        self._writes = both("ConsumedWriteCapacityUnits")
        self._throttled_reads = both("ReadThrottleEvents")
        self._throttled_writes = both("WriteThrottleEvents")
        self._latencies = [
            (
                recording.reporter(
                    series.of_operation(system, "SuccessfulRequestLatency", operation)
                ),
                share,
            )
            for operation, share in _OPERATIONS.items()
        ]

    def minute(self, minute: int, outcome: Outcome, confirmed: int, conditions: Conditions) -> None:
        """What the requests and the confirmed orders of one minute cost the table."""
        written = outcome.orders * _WRITES_PER_ORDER + confirmed
        _note(self._reads, minute, outcome.served, index=outcome.served // 10)
        _note(self._writes, minute, written, index=outcome.orders)
        if outcome.table_throttled:
            throttled = outcome.table_throttled * _TRIES
            writes = round(throttled * self._order_share)
            _note(self._throttled_reads, minute, throttled - writes, index=0)
            # An index is written with its table, and throttles that write.
            _note(self._throttled_writes, minute, writes, index=writes)
        for reporter, share in self._latencies:
            calls = round(outcome.served * share)
            late = round(calls * conditions.slow_share)
            reporter.one(minute, _USUAL_MS, calls - late)
            reporter.one(minute, conditions.slow_latency.median, late)


def _note(both: tuple[Reporter, Reporter], minute: int, table: int, *, index: int) -> None:
    """One sample for each of the two, and none where nothing happened: DynamoDB reports no zeros."""
    for reporter, value in zip(both, (table, index), strict=True):
        if value:
            reporter.one(minute, float(value))
