"""The errors of the domain, and what each means at an edge.

                                     API   processor
DomainError
├── NotFoundError                    404   record fails: retried, then dead-letter queue
├── InvalidFieldError                422   -
├── IdempotencyKeyReusedError        422   -
├── ConflictError                    409   record fails: the retry finds the conflict gone
│   └── IdempotencyKeyTakenError      -    (place_order answers with the earlier response)
├── UnavailableError                 503   record fails: retried
│   └── PublishError                  -    (place_order leaves the order to the scheduler)
├── MessageError                      -    record fails: retried, then dead-letter queue
└── ResendError                       -    (scheduler: the invocation fails and is retried)

Messages reach clients and logs: they carry identifiers and counts, never request bodies.
"""


class DomainError(Exception):
    """Something the caller can be told in one sentence."""


class NotFoundError(DomainError):
    """The thing does not exist, or is not the caller's: the two look alike on purpose."""


class InvalidFieldError(DomainError):
    """A field is well formed, but its value cannot be used."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class IdempotencyKeyReusedError(DomainError):
    """The key already belongs to a request with another body."""


class ConflictError(DomainError):
    """Another write to the same records is under way; the same request may succeed later."""


class IdempotencyKeyTakenError(ConflictError):
    """An unexpired placement with this key was stored first."""


class UnavailableError(DomainError):
    """AWS refused or did not answer in time; nothing is wrong with the request."""

    retry_after_seconds = 2


class PublishError(UnavailableError):
    """The queue did not take the message."""


class MessageError(DomainError):
    """A queue message is not what this system sends."""


class ResendError(DomainError):
    """Some PENDING orders could not be sent again."""
