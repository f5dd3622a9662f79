"""Which route an identity may call: everything for a signed-in user, its scopes for a machine."""

from services.authorizer.scopes import ROUTE_SCOPES
from services.authorizer.tokens import Identity

# Cognito puts this scope into the tokens of users who signed in, and of nobody else.
SIGNED_IN_USER = "aws.cognito.signin.user.admin"


def may_call(identity: Identity, route_key: str) -> bool:
    """`route_key` as in the event: `GET /orders`. A route that is not in the contract is denied."""
    required = ROUTE_SCOPES.get(route_key)
    if required is None:
        return False
    # A token spells a scope <resource server>/<scope>; only our own clients get this far.
    granted = {scope.rpartition("/")[2] for scope in identity.scopes if "/" in scope}
    return SIGNED_IN_USER in identity.scopes or required in granted
