"""Signs a test user in at a stack's user pool, as a client would, for the smoke test and for a person with curl."""

import secrets
import string
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from blueprint import aws
from blueprint.delivery.outputs import Outputs
from blueprint.errors import BlueprintError
from blueprint.stacks.model import Stack

DEFAULT_USER = "alice@example.com"


def access_token(stack: Stack, env: Mapping[str, str], *, user: str = DEFAULT_USER) -> str:
    """A fresh access token for `user`, who is made on the way where needed.

    The password is set anew each time and forgotten, so none is stored. Only for stacks whose users
    nobody owns: on any other this would take over an account.
    """
    if not stack.emulated:
        raise BlueprintError(
            f"stack {stack.name} is a real environment: this verb makes users and sets their passwords",
            remedy="sign in as a user of the pool, as README.md shows",
        )
    outputs = Outputs(stack, env)
    cognito = aws.client("cognito-idp", env, region=stack.value("region"))
    pool, client = outputs.get("cognito", "user_pool_id"), outputs.get("cognito", "client_id")
    password = _password()
    _ensure_user(cognito, pool, user, password)
    answer = cognito.initiate_auth(
        ClientId=client,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": user, "PASSWORD": password},
    )
    return str(answer["AuthenticationResult"]["AccessToken"])


def _ensure_user(cognito: Any, pool: str, user: str, password: str) -> None:
    try:
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=user,
            TemporaryPassword=password,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": user},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "UsernameExistsException":
            raise
    cognito.admin_set_user_password(
        UserPoolId=pool, Username=user, Password=password, Permanent=True
    )


def _password() -> str:
    """Long and random, with one of each kind the pool's policy asks for."""
    return secrets.token_urlsafe(24) + "".join(
        secrets.choice(kind)
        for kind in (string.ascii_lowercase, string.ascii_uppercase, string.digits, "!#%+")
    )
