"""Permissions: what the scopes of a token allow on the routes of the contract."""

import pytest

from services.authorizer.permissions import may_call
from services.authorizer.scopes import ROUTE_SCOPES
from services.authorizer.tokens import Identity


def holder(*scopes: str) -> Identity:
    return Identity("subject", "client", frozenset(scopes))


@pytest.mark.parametrize("route_key", ROUTE_SCOPES)
def test_a_signed_in_user_may_call_every_route(route_key: str) -> None:
    assert may_call(holder("aws.cognito.signin.user.admin", "openid"), route_key)


@pytest.mark.parametrize(("route_key", "scope"), ROUTE_SCOPES.items())
def test_a_machine_may_call_what_its_scope_says(route_key: str, scope: str) -> None:
    others = {f"orders-api/{other}" for other in ROUTE_SCOPES.values()} - {f"orders-api/{scope}"}

    assert may_call(holder(f"orders-api/{scope}"), route_key)
    assert not may_call(holder(*others), route_key)


@pytest.mark.parametrize("scope", ["", "orders.read", "orders-api/", "orders-api/orders.read.all"])
def test_a_scope_must_match_as_a_whole(scope: str) -> None:
    assert not may_call(holder(scope), "GET /orders")


@pytest.mark.parametrize("route_key", ["", "$default", "DELETE /orders", "GET /health"])
def test_a_route_without_a_scope_is_denied(route_key: str) -> None:
    assert not may_call(holder("aws.cognito.signin.user.admin"), route_key)
