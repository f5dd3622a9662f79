"""What SQS reports of one queue in one minute."""

from blueprint.replay import series
from blueprint.replay.recording import Recording, Reporter
from blueprint.replay.system import Queue


class QueueMetrics:
    """The series of one queue, one sample each a minute."""

    def __init__(self, queue: Queue, recording: Recording) -> None:
        def reporter(name: str) -> Reporter:
            return recording.reporter(series.of_queue(queue.name, name))

        self._sent = reporter("NumberOfMessagesSent")
        self._received = reporter("NumberOfMessagesReceived")
        self._deleted = reporter("NumberOfMessagesDeleted")
        self._visible = reporter("ApproximateNumberOfMessagesVisible")
        self._in_flight = reporter("ApproximateNumberOfMessagesNotVisible")
        self._age = reporter("ApproximateAgeOfOldestMessage")

    def note(
        self,
        minute: int,
        *,
        sent: int,
        received: int,
        deleted: int,
        visible: int,
        in_flight: int,
        age_seconds: int,
    ) -> None:
        """One minute of an active queue: zeros are reported, too."""
        self._sent.one(minute, float(sent))
        self._received.one(minute, float(received))
        self._deleted.one(minute, float(deleted))
        self._visible.one(minute, float(visible))
        self._in_flight.one(minute, float(in_flight))
        self._age.one(minute, float(age_seconds))
