"""The clients: how long AWS may keep a caller waiting."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.core import clients

MAKERS = (clients.dynamodb, clients.sqs, clients.s3)
LONGEST_PAUSE = 1  # seconds before the first retry in standard mode


@pytest.fixture(autouse=True)
def _made_afresh() -> Iterator[None]:
    for maker in MAKERS:
        maker.cache_clear()
    yield
    for maker in MAKERS:
        maker.cache_clear()


@pytest.mark.parametrize("maker", MAKERS, ids=["dynamodb", "sqs", "s3"])
def test_a_call_that_hangs_is_given_up_after_seven_seconds(maker: Any) -> None:
    config = maker().meta.config

    attempts = config.retries["total_max_attempts"]
    pauses = (attempts - 1) * LONGEST_PAUSE

    assert config.retries["mode"] == "standard"
    assert attempts * (config.connect_timeout + config.read_timeout) + pauses == 7
