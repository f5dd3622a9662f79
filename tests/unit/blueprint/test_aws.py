"""Telling the embedded AWS from an account."""

import pytest

from blueprint import aws


@pytest.mark.parametrize(
    "env",
    [
        {aws.EMULATED: "local"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"},
        {"AWS_ENDPOINT_URL": "http://localhost:4566/"},
    ],
)
def test_an_endpoint_on_this_machine_is_an_embedded_aws(env: dict[str, str]) -> None:
    assert aws.is_embedded(env)


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"AWS_ENDPOINT_URL": "https://vpce-1.sts.us-east-1.vpce.amazonaws.com"},
        {"AWS_PROFILE": "dev"},
    ],
)
def test_anything_else_is_an_account(env: dict[str, str]) -> None:
    assert not aws.is_embedded(env)
