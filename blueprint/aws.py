"""Makes AWS clients for a stack's environment: the embedded AWS, or the caller's own credentials."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

# Names the stack where `env` points at the embedded AWS, so that no other stack is mistaken for it.
EMULATED = "BLUEPRINT_EMULATED_STACK"

_CONFIG = Config(
    connect_timeout=5,
    read_timeout=60,
    retries={"mode": "standard", "total_max_attempts": 4},
)


def is_embedded(env: Mapping[str, str]) -> bool:
    """Whether `env` points at an embedded AWS: as its own shell says, or by an endpoint on this machine."""
    host = urlsplit(env.get("AWS_ENDPOINT_URL", "")).hostname
    return EMULATED in env or host in ("127.0.0.1", "localhost", "::1")


def client(service: str, env: Mapping[str, str], *, region: str) -> Any:
    """A client for `service` that talks to where `env` points.

    Outside the embedded AWS, boto3's own chain decides (profile, role, SSO, endpoint): the caller's account.
    """
    make: Any = boto3.client  # its stubs want the service's name literally
    if EMULATED not in env:
        return make(service, region_name=region, config=_CONFIG)
    return make(
        service,
        region_name=region,
        endpoint_url=env["AWS_ENDPOINT_URL"],
        aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=env.get("AWS_SESSION_TOKEN"),  # of a role; an account's root has none
        config=_CONFIG.merge(Config(s3={"addressing_style": "path"})),
    )
