"""The running `local` stack as its users meet it: an address, tokens, and the AWS account behind it."""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from blueprint import aws
from blueprint.delivery.commands import open_stack
from blueprint.delivery.outputs import Outputs
from blueprint.release import identity
from blueprint.release.endpoint import api_url
from blueprint.stacks.model import Stack


@dataclass(frozen=True)
class Deployment:
    """A deployed stack: its API's address, its Terraform outputs and clients for its account."""

    stack: Stack
    env: dict[str, str]
    outputs: Outputs
    url: str
    clients: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        if service not in self.clients:
            self.clients[service] = aws.client(service, self.env, region=self.stack.value("region"))
        return self.clients[service]


@dataclass(frozen=True)
class User:
    """Somebody with a token, talking to the API over HTTP."""

    url: str
    token: str

    def request(self, method: str, path: str, **arguments: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", **arguments.pop("headers", {})}
        return requests.request(
            method, f"{self.url}{path}", headers=headers, timeout=30, **arguments
        )

    def get(self, path: str, **arguments: Any) -> requests.Response:
        return self.request("GET", path, **arguments)

    def place_order(self, body: Any, *, key: str | None = None) -> requests.Response:
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        return self.request("POST", "/orders", json=body, headers=headers)


ORDER = {
    "items": [{"item_id": "kettle", "quantity": 2}, {"item_id": "filter-papers", "quantity": 1}]
}


@pytest.fixture(scope="session")
def deployment() -> Deployment:
    stack, env = open_stack("local")
    outputs = Outputs(stack, env)
    return Deployment(stack, env, outputs, api_url(stack, env, outputs))


@pytest.fixture(scope="session")
def alice(deployment: Deployment) -> User:
    token = identity.access_token(deployment.stack, deployment.env, user="alice@example.com")
    return User(deployment.url, token)


@pytest.fixture(scope="session")
def bob(deployment: Deployment) -> User:
    token = identity.access_token(deployment.stack, deployment.env, user="bob@example.com")
    return User(deployment.url, token)


@pytest.fixture(scope="session")
def eventually() -> Callable[..., Any]:
    """Ask again until the answer is truthy; the assertion error names what never came."""

    def wait(ask: Callable[[], Any], what: str, *, seconds: float = 120) -> Any:
        deadline = time.monotonic() + seconds
        while True:
            if answer := ask():
                return answer
            assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
            time.sleep(0.5)

    return wait
