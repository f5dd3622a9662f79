"""The orders queue with its consumer: every message is sent, received, and deleted, hidden, kept or given up."""

import heapq
import math
from collections import deque
from dataclasses import dataclass

from blueprint.replay import draws, series
from blueprint.replay.concurrency import Concurrency
from blueprint.replay.dead_letters import DeadLetters
from blueprint.replay.functions import FunctionMetrics
from blueprint.replay.queue_metrics import QueueMetrics
from blueprint.replay.recording import Recording
from blueprint.replay.scenarios import Conditions, Poison, Scenario
from blueprint.replay.system import System

_BATCH = 10
# The event source mapping's maximum_concurrency: how many batches are worked on at a time.
_CONSUMERS = 10
# SQS leaves messages that were received this often out of the age of the oldest (they go to the back of the queue).
_AGE_FORGETS_AFTER = 3


@dataclass
class Totals:
    """What became of every message: `sent` = `deleted` + `dead` + `expired` + `waiting` (those still there)."""

    sent: int = 0
    received: int = 0
    deleted: int = 0
    dead: int = 0
    expired: int = 0
    waiting: int = 0


@dataclass
class _Messages:
    """`count` messages that were sent in the same minute and have the same fate so far."""

    sent: int
    count: int
    received: int = 0
    poison: Poison | None = None


class Orders:
    """The work queue and the function that consumes it."""

    def __init__(
        self,
        scenario: Scenario,
        system: System,
        recording: Recording,
        concurrency: Concurrency,
        dead_letters: DeadLetters,
    ) -> None:
        self.totals = Totals()
        self._traffic = scenario.traffic
        self._queue = system.queue("orders")
        self._function = system.invoked_by("queue")
        self._most_receives = system.max_receive_count
        self._random = draws.stream(scenario.seed, scenario.name, "processing")
        self._dead_letters = dead_letters
        self._queue_metrics = QueueMetrics(self._queue, recording)
        self._function_metrics = FunctionMetrics(self._function, system, recording, concurrency)
        self._confirmed = recording.reporter(
            *(
                series.of_service(system, self._function.role, metric)
                for metric in ("OrdersConfirmed", "ReceiptsWritten")
            )
        )
        self._waiting: deque[_Messages] = deque()
        # Received and not deleted: by the minute in which they can be received again, then in order of arrival.
        self._hidden: list[tuple[int, int, _Messages]] = []
        self._arrivals = 0

    def minute(
        self, minute: int, orders: int, conditions: Conditions, poison: Poison | None
    ) -> int:
        """`orders` and perhaps `poison` are sent and the consumer works; returns how many orders it confirmed."""
        self._return_hidden(minute)
        self._expire(minute)
        sent = orders + (poison.count if poison else 0)
        if orders:
            self._waiting.append(_Messages(minute, orders))
        if poison:
            self._waiting.append(_Messages(minute, poison.count, poison=poison))
        received, deleted = (
            (0, 0) if conditions.consumer_stopped else self._consume(minute, conditions)
        )
        visible = sum(messages.count for messages in self._waiting)
        hidden = sum(messages.count for _, _, messages in self._hidden)
        self.totals.sent += sent
        self.totals.received += received
        self.totals.deleted += deleted
        self.totals.waiting = visible + hidden
        self._queue_metrics.note(
            minute,
            sent=sent,
            received=received,
            deleted=deleted,
            visible=visible,
            in_flight=hidden,
            age_seconds=self._age(minute),
        )
        return deleted

    def _return_hidden(self, minute: int) -> None:
        """What was not deleted can be received again, or has been received too often."""
        while self._hidden and self._hidden[0][0] <= minute:
            _, _, messages = heapq.heappop(self._hidden)
            if messages.received >= self._most_receives:
                self._dead_letters.receive(minute, messages.count)
                self.totals.dead += messages.count
            else:
                self._waiting.append(messages)

    def _expire(self, minute: int) -> None:
        oldest = minute - self._queue.retention_seconds // 60
        while self._waiting and self._waiting[0].sent <= oldest:
            self.totals.expired += self._waiting.popleft().count

    def _consume(self, minute: int, conditions: Conditions) -> tuple[int, int]:
        """Receive what the consumers can take in a minute; returns how many were received, and deleted."""
        capacity = int(_CONSUMERS * 60_000 / self._traffic.processing.median)
        throttled = 0
        if conditions.throttled_function == self._function.role:
            capacity = int(capacity * (1 - conditions.throttled_share))
            waiting = sum(messages.count for messages in self._waiting)
            throttled = draws.binomial(self._random, waiting, conditions.throttled_share)
        failing = max(
            conditions.processing_failure_share,
            conditions.table_throttled_share,
            self._traffic.processing_failure_share,
        )
        received = deleted = invocations = raised = 0
        while self._waiting and capacity > 0:
            messages = self._take(capacity)
            count = messages.count
            capacity -= count
            # Fresh messages come one by one; a backlog comes in full batches.
            calls = count if messages.sent == minute else math.ceil(count / _BATCH)
            invocations += calls
            if messages.poison:
                failed = count
                raised += calls if messages.poison.raises else 0
            else:
                failed = draws.binomial(self._random, count, failing)
            received += count
            deleted += count - failed
            if failed:
                self._hide(minute, messages, failed)
        self._function_metrics.note(
            minute,
            durations=self._traffic.processing.draw(self._random, invocations),
            # A record that fails is reported to SQS by its identifier: that is no error of the invocation.
            raised=raised,
            throttled=throttled,
            error_lines=received - deleted,
        )
        if deleted:
            self._confirmed.one(minute, float(deleted))
        return received, deleted

    def _take(self, capacity: int) -> _Messages:
        """The next messages, no more than `capacity`."""
        messages = self._waiting.popleft()
        if messages.count <= capacity:
            return messages
        rest = messages.count - capacity
        self._waiting.appendleft(_Messages(messages.sent, rest, messages.received, messages.poison))
        return _Messages(messages.sent, capacity, messages.received, messages.poison)

    def _hide(self, minute: int, messages: _Messages, failed: int) -> None:
        hidden = _Messages(messages.sent, failed, messages.received + 1, messages.poison)
        again = minute + math.ceil(self._queue.visibility_timeout_seconds / 60)
        self._arrivals += 1
        heapq.heappush(self._hidden, (again, self._arrivals, hidden))

    def _age(self, minute: int) -> int:
        """Seconds since the oldest message was sent, those left out that were received too often."""
        there = [*self._waiting, *(messages for _, _, messages in self._hidden)]
        sent = [messages.sent for messages in there if messages.received < _AGE_FORGETS_AFTER]
        return (minute - min(sent)) * 60 if sent else 0
