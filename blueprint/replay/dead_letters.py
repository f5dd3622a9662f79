"""A dead-letter queue: nobody reads it, and CloudWatch hears of it only for some hours after it was last touched."""

from blueprint.replay.queue_metrics import QueueMetrics
from blueprint.replay.recording import Recording
from blueprint.replay.system import Queue

# SQS reports a queue that nobody touches for this long, and then no more, whatever lies in it.
_ACTIVE_MINUTES = 6 * 60


class DeadLetters:
    """One dead-letter queue."""

    def __init__(self, queue: Queue, recording: Recording) -> None:
        self._kept_minutes = queue.retention_seconds // 60
        self._metrics = QueueMetrics(queue, recording)
        self._arrivals: list[int] = []
        self._touched: int | None = None

    def receive(self, minute: int, count: int) -> None:
        """`count` messages arrive, which touches the queue."""
        self._arrivals += [minute] * count
        self._touched = minute

    def empty(self, minute: int) -> None:
        """A person has repaired the cause and redrives what lies here; nothing happens to an empty queue."""
        if self._arrivals:
            self._arrivals.clear()
            self._touched = minute

    def minute(self, minute: int) -> None:
        """Report the queue, if it is still active."""
        if self._touched is None or minute - self._touched >= _ACTIVE_MINUTES:
            return
        self._arrivals = [
            arrival for arrival in self._arrivals if minute - arrival < self._kept_minutes
        ]
        self._metrics.note(
            minute,
            # What SQS moves here counts as neither sent nor received.
            sent=0,
            received=0,
            deleted=0,
            visible=len(self._arrivals),
            in_flight=0,
            # In a dead-letter queue the age counts from the move.
            age_seconds=(minute - self._arrivals[0]) * 60 if self._arrivals else 0,
        )
