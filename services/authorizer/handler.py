"""Entry point of the authorizer: an HTTP API request authorizer, format 2.0, simple responses."""

import time
from functools import cache, partial
from typing import Any

from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from services.authorizer.jwks import KeySet, download
from services.authorizer.permissions import may_call
from services.authorizer.tokens import TokenError, TokenVerifier
from services.core.observability import Outcome, count, logger, metrics
from services.core.settings import AuthorizerSettings


@cache
def verifier() -> TokenVerifier:
    settings = AuthorizerSettings.read()
    keys = KeySet(fetch=partial(download, settings.jwks_url), now=time.monotonic)
    return TokenVerifier(
        find_key=keys.find, issuer=settings.issuer, client_ids=settings.client_ids, now=time.time
    )


@logger.inject_lambda_context(
    correlation_id_path=correlation_paths.API_GATEWAY_HTTP, clear_state=True
)
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """{"isAuthorized": bool, "context": {...}}; the context reaches the API as the caller.

    A missing or bad credential is a denial. If the issuer's keys cannot be had, KeySourceError
    fails the invocation: the gateway answers 500, not 403, and the alarm on errors sees it.
    """
    route_key = str(event.get("routeKey", ""))
    try:
        identity = verifier().verify(_bearer_token(event))
    except TokenError as error:
        return _deny(route_key, reason=str(error))
    if not may_call(identity, route_key):
        return _deny(route_key, reason="scope missing")
    return {
        "isAuthorized": True,
        "context": {
            "sub": identity.subject,
            "client_id": identity.client_id,
            "scope": " ".join(sorted(identity.scopes)),
        },
    }


def _bearer_token(event: dict[str, Any]) -> str:
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenError("no bearer token")
    return str(token).strip()


def _deny(route_key: str, *, reason: str) -> dict[str, Any]:
    count(Outcome.AUTHORIZATION_DENIED)
    logger.info("authorization denied", route_key=route_key, reason=reason)
    return {"isAuthorized": False}
