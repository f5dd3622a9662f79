"""/users/me: the caller's profile."""

from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from services.api import requests
from services.api.dependencies import dependencies
from services.core import profiles

router = APIGatewayHttpRouter()


@router.get("/users/me")
def get_my_profile() -> dict[str, Any]:
    user_id = requests.caller(router.current_event)
    return asdict(profiles.get_profile(user_id, profiles=dependencies().profiles))


@router.put("/users/me")
def put_my_profile() -> dict[str, Any]:
    user_id = requests.caller(router.current_event)
    wish = requests.body(router.current_event, schema="PutProfile")
    profile = profiles.put_profile(
        user_id,
        name=wish["name"],
        email=wish.get("email"),
        profiles=dependencies().profiles,
        clock=dependencies().clock,
    )
    return asdict(profile)
