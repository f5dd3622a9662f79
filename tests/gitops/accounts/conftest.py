"""A stack to bootstrap, and an account that stands in for AWS's."""

from collections.abc import Callable
from typing import Any

import pytest

from blueprint.accounts.bootstrapping import Clients
from blueprint.stacks.model import Component, Stack
from tests.fakes_account import FakeCloudFormation, FakeIam, FakeS3, FakeSts

ACCOUNT = "111111111111"


@pytest.fixture
def make_stack() -> Callable[..., Stack]:
    """A stack of one component, with given values."""

    def make(stage: str = "dev", **values: Any) -> Stack:
        shared = {
            "namespace": "acme",
            "region": "us-east-1",
            "stage": stage,
            "account_id": ACCOUNT,
            **values,
        }
        component = Component("s3", stage, "s3", shared, (), (), {"bucket": "state", "key": "k"})
        return Stack(stage, {"s3": component}, emulated=False)

    return make


@pytest.fixture
def account() -> Clients:
    """Clients of an empty account."""
    s3 = FakeS3()
    return Clients(
        cloudformation=FakeCloudFormation(s3), iam=FakeIam(), s3=s3, sts=FakeSts(ACCOUNT)
    )
