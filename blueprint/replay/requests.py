"""One minute of the API: what becomes of each request at the gateway and in its function."""

from collections import Counter
from dataclasses import dataclass

from blueprint.replay import draws, series
from blueprint.replay.concurrency import Concurrency
from blueprint.replay.functions import FunctionMetrics
from blueprint.replay.recording import Recording, Reporter
from blueprint.replay.scenarios import Conditions, Scenario
from blueprint.replay.system import System

# What the gateway itself adds, in milliseconds: before and after it calls the function, and for an answer of its own.
_AROUND_FUNCTION = 12.0
_AROUND_INTEGRATION = 5.0
_OWN_ANSWER = 4.0


@dataclass(frozen=True)
class Outcome:
    """Counts of one minute.

    `requests` = `refused` + `throttled` + `invocations`, and `invocations` = `rejected` + `raised` + `answered_5xx`
    + `served`. `table_throttled` is part of `answered_5xx`, `orders` of `served`.
    """

    requests: int
    refused: int
    throttled: int
    invocations: int
    rejected: int
    raised: int
    answered_5xx: int
    served: int
    table_throttled: int
    orders: int

    @property
    def client_errors(self) -> int:
        """Requests answered 4xx, by the gateway or by the function."""
        return self.refused + self.rejected

    @property
    def server_errors(self) -> int:
        """Requests answered 5xx, whoever failed."""
        return self.throttled + self.raised + self.answered_5xx


class Api:
    """The gateway and the function behind it."""

    def __init__(
        self, scenario: Scenario, system: System, recording: Recording, concurrency: Concurrency
    ) -> None:
        def gateway(rest: str, http: str) -> Reporter:
            return recording.reporter(*series.rest_and_http(system, rest, http))

        self._traffic = scenario.traffic
        self._patience = float(system.integration_timeout_ms)
        self._function = system.invoked_by("api")
        self._latencies = draws.stream(scenario.seed, scenario.name, "api latency")
        self._outcomes = draws.stream(scenario.seed, scenario.name, "api outcomes")
        self._count = gateway("Count", "Count")
        self._client_errors = gateway("4XXError", "4xx")
        self._server_errors = gateway("5XXError", "5xx")
        self._integration = gateway("IntegrationLatency", "IntegrationLatency")
        self._latency = gateway("Latency", "Latency")
        self._metrics = FunctionMetrics(self._function, system, recording, concurrency)
        self._placed = recording.reporter(
            series.of_service(system, self._function.role, "OrdersPlaced")
        )

    def minute(self, minute: int, requests: int, conditions: Conditions) -> Outcome:
        """Serve `requests`, report what CloudWatch would be told, and say what became of them."""
        traffic, random = self._traffic, self._outcomes
        wrong = draws.binomial(
            random, requests, traffic.client_error_share + conditions.client_error_share
        )
        refused = draws.binomial(random, wrong, traffic.gateway_share)
        throttled = 0
        if conditions.throttled_function == self._function.role:
            throttled = draws.binomial(random, requests - refused, conditions.throttled_share)
        invocations = requests - refused - throttled
        rejected = min(wrong - refused, invocations)
        durations, integration, timed_out = self._durations(invocations, conditions)
        raised = min(timed_out, invocations - rejected)
        left = invocations - rejected - raised
        table_throttled = draws.binomial(random, left, conditions.table_throttled_share)
        failed = draws.binomial(random, left - table_throttled, conditions.api_failure_share)
        left -= table_throttled + failed
        usual = draws.binomial(random, left, traffic.server_error_share)
        usual_raised = draws.binomial(random, usual, traffic.raised_share)
        answered = table_throttled + usual - usual_raised
        raised += usual_raised
        if conditions.api_failure_raises:
            raised += failed
        else:
            answered += failed
        served = left - usual
        outcome = Outcome(
            requests=requests,
            refused=refused,
            throttled=throttled,
            invocations=invocations,
            rejected=rejected,
            raised=raised,
            answered_5xx=answered,
            served=served,
            table_throttled=table_throttled,
            orders=draws.binomial(random, served, traffic.order_share),
        )
        self._report(minute, outcome, durations, integration)
        return outcome

    def _durations(
        self, invocations: int, conditions: Conditions
    ) -> tuple[Counter[float], Counter[float], int]:
        """Milliseconds in the function and as the gateway sees them, and how many ran into the function's timeout."""
        random, traffic = self._latencies, self._traffic
        limit = self._function.timeout_seconds * 1000.0
        cold = draws.binomial(random, invocations, traffic.cold_start_share)
        slow = draws.binomial(random, invocations - cold, conditions.slow_share)
        durations = traffic.latency.draw(random, invocations - cold - slow)
        if slow:
            for value, count in conditions.slow_latency.draw(random, slow).items():
                durations[min(value, limit)] += count
        integration = Counter[float]()
        for value, count in durations.items():
            integration[min(value + _AROUND_FUNCTION, self._patience)] += count
        if cold:
            # A new copy of the function starts up before its duration begins; only the caller waits for both.
            for start, count in traffic.cold_start.draw(random, cold).items():
                for value, times in traffic.latency.draw(random, count).items():
                    durations[value] += times
                    integration[min(start + value + _AROUND_FUNCTION, self._patience)] += times
        return durations, integration, durations.get(limit, 0)

    def _report(
        self,
        minute: int,
        outcome: Outcome,
        durations: Counter[float],
        integration: Counter[float],
    ) -> None:
        if outcome.requests:
            self._count.one(minute, 1.0, outcome.requests)
            self._client_errors.ones(minute, outcome.client_errors, outcome.requests)
            self._server_errors.ones(minute, outcome.server_errors, outcome.requests)
            if outcome.throttled:
                integration[_AROUND_FUNCTION] += outcome.throttled
            self._integration.note(minute, integration)
            latency = {value + _AROUND_INTEGRATION: count for value, count in integration.items()}
            if outcome.refused:
                latency[_OWN_ANSWER] = outcome.refused
            self._latency.note(minute, latency)
        self._metrics.note(
            minute,
            durations=durations,
            raised=outcome.raised,
            throttled=outcome.throttled,
            error_lines=outcome.raised + outcome.answered_5xx,
        )
        if outcome.orders:
            self._placed.one(minute, float(outcome.orders))
