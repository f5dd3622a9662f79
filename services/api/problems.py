"""Errors as problem documents (RFC 9457): the one place that gives an error its status."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from services.api.methods import ALLOWED_METHODS
from services.core.errors import (
    ConflictError,
    DomainError,
    IdempotencyKeyReusedError,
    InvalidFieldError,
    NotFoundError,
    UnavailableError,
)
from services.core.observability import logger

_STATUSES: dict[type[DomainError], HTTPStatus] = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    InvalidFieldError: HTTPStatus.UNPROCESSABLE_ENTITY,
    IdempotencyKeyReusedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    ConflictError: HTTPStatus.CONFLICT,
    UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """`field` is spelled as the client wrote it: items[0].quantity."""

    field: str
    message: str


class RequestError(Exception):
    """The request itself is at fault; known before any service is called."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = headers or {}


def no_route(method: str, path: str) -> RequestError:
    """404 for a path that the contract does not have, 405 for a method that the path has not."""
    for template, allowed in ALLOWED_METHODS.items():
        if _matches(template, path):
            return RequestError(
                HTTPStatus.METHOD_NOT_ALLOWED,
                f"{method} is not possible here; {allowed} is",
                headers={"Allow": allowed},
            )
    return RequestError(HTTPStatus.NOT_FOUND, "there is nothing at this path")


def answer(error: Exception, *, request_id: str) -> Response[str]:
    """The response for any exception; what is unexpected is logged in full and told in no detail."""
    known = _as_request_error(error)
    if known is None:
        logger.exception("request failed")
        known = RequestError(
            HTTPStatus.INTERNAL_SERVER_ERROR, "something went wrong; quote the request_id"
        )
    elif known.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.exception("request not served", status=known.status.value)
    else:
        # Details quote the client's own field names, which are part of the body: not logged.
        logger.info("request refused", status=known.status.value, error=type(error).__name__)
    document: dict[str, object] = {
        "type": "about:blank",  # RFC 9457: the status says it all, and title is its phrase
        "title": known.status.phrase,
        "status": known.status.value,
        "detail": known.detail,
        "request_id": request_id,
    }
    if known.errors:
        document["errors"] = [{"field": e.field, "message": e.message} for e in known.errors]
    return Response(
        status_code=known.status.value,
        content_type="application/problem+json",
        headers={**known.headers},
        body=json.dumps(document),
    )


def _as_request_error(error: Exception) -> RequestError | None:
    if isinstance(error, RequestError):
        return error
    status = next((_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES), None)
    if status is None:
        return None
    if isinstance(error, InvalidFieldError):
        return RequestError(status, str(error), errors=[FieldError(error.field, error.message)])
    if isinstance(error, UnavailableError):
        headers = {"Retry-After": str(error.retry_after_seconds)}
        return RequestError(status, str(error), headers=headers)
    return RequestError(status, str(error))


def _matches(template: str, path: str) -> bool:
    expected, actual = template.split("/"), path.split("/")
    return len(expected) == len(actual) and all(
        part.startswith("{") or part == given for part, given in zip(expected, actual, strict=True)
    )
