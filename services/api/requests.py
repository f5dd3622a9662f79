"""Reading a request: who calls, which page, which body; RequestError names what is amiss."""

import base64
import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NoReturn

from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent

from services.api.problems import FieldError, RequestError
from services.api.validation import violations
from services.core import cursor

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
# Twenty order lines need 2 KB. A larger body is refused before it costs time to validate.
MAX_BODY_BYTES = 16 * 1024
_IDEMPOTENCY_KEY = re.compile(r"[ -~]{1,128}")


def caller(event: BaseProxyEvent) -> str:
    """The subject of the access token, from the JWT or the Lambda authorizer."""
    authorizer = event.raw_event["requestContext"].get("authorizer") or {}
    claims = (authorizer.get("jwt") or {}).get("claims") or authorizer.get("lambda") or {}
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise RequestError(HTTPStatus.UNAUTHORIZED, "the request carries no identity")
    return subject


def idempotency_key(event: BaseProxyEvent) -> str:
    key = event.headers.get("Idempotency-Key", "").strip()
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise _unreadable(
            "Idempotency-Key",
            "header is required: 1 to 128 printable ASCII characters, new for each order",
        )
    return key


def limit(event: BaseProxyEvent) -> int:
    text = (event.query_string_parameters or {}).get("limit", str(DEFAULT_LIMIT))
    # The longest valid text has three digits; int() would also take signs, blanks and underscores.
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= MAX_LIMIT:
        raise _unreadable("limit", f"must be a whole number from 1 to {MAX_LIMIT}")
    return int(text)


def page_start(event: BaseProxyEvent, *, is_valid: Callable[[str], bool]) -> str | None:
    """The sort key in ?cursor=, None without one. `is_valid` knows the keys of this listing."""
    text = (event.query_string_parameters or {}).get("cursor")
    if text is None:
        return None
    try:
        key = cursor.decode(text)
    except cursor.CursorError:
        key = ""
    if not is_valid(key):
        raise _unreadable("cursor", "must be the next_cursor of an earlier page, unchanged")
    return key


def body(event: BaseProxyEvent, *, schema: str) -> dict[str, Any]:
    """The JSON body, valid by that schema of the contract."""
    content = _json(_body_bytes(event))
    errors = violations(content, schema=schema)
    if errors:
        raise RequestError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"the body has {len(errors)} invalid field{'s' if len(errors) > 1 else ''}",
            errors=errors,
        )
    valid: dict[str, Any] = content
    return valid


def _body_bytes(event: BaseProxyEvent) -> bytes:
    text = event.body or ""
    # The gateway encodes bodies whose content type is not text.
    content = base64.b64decode(text) if event.is_base64_encoded else text.encode()
    if not content:
        raise RequestError(HTTPStatus.BAD_REQUEST, "the body is missing; send a JSON object")
    if len(content) > MAX_BODY_BYTES:
        raise RequestError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body exceeds {MAX_BODY_BYTES} bytes"
        )
    return content


def _json(content: bytes) -> Any:
    try:
        value = json.loads(content.decode(), parse_constant=_refuse_constant)
        # "\ud800" is JSON, but half a character: no database stores it.
        json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise RequestError(HTTPStatus.BAD_REQUEST, f"the body is not JSON: {where}") from error
    except (ValueError, RecursionError) as error:
        raise RequestError(HTTPStatus.BAD_REQUEST, "the body is not JSON in UTF-8") from error
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _unreadable(field: str, message: str) -> RequestError:
    return RequestError(
        HTTPStatus.BAD_REQUEST, f"{field} {message}", errors=[FieldError(field, message)]
    )
