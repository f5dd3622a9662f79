"""The smoke test passes only on the answers it names."""

from typing import Any

import pytest
import requests

from blueprint.errors import BlueprintError
from blueprint.release.smoke import require, smoke

GOOD = {
    ("/health", None): 200,
    ("/items", None): 401,
    ("/items", "Bearer not.a.token"): 401,
    ("/items", "Bearer t"): 200,
}


class Api:
    """Answers by path and Authorization header."""

    def __init__(self, statuses: dict[tuple[str, str | None], int]) -> None:
        self.statuses = statuses

    def get(self, url: str, *, headers: dict[str, str], timeout: float) -> requests.Response:
        assert timeout > 0
        response = requests.Response()
        response.status_code = self.statuses[
            url.removeprefix("https://api"), headers.get("Authorization")
        ]
        return response


def test_an_api_that_is_alive_and_guarded_passes() -> None:
    checks = smoke("https://api", token="t", get=Api(GOOD).get)

    assert [check.actual for check in checks] == [200, 401, 401, 200]


def test_without_a_token_only_what_needs_none_is_asked() -> None:
    assert len(smoke("https://api", token=None, get=Api(GOOD).get)) == 3


@pytest.mark.parametrize("question", list(GOOD))
def test_each_question_can_fail(question: tuple[str, str | None]) -> None:
    checks = smoke("https://api", token="t", get=Api({**GOOD, question: 404}).get)

    with pytest.raises(BlueprintError, match=f"expected {GOOD[question]}.*, got 404"):
        require(checks)


def test_a_bad_token_may_be_forbidden_as_a_lambda_authorizer_does() -> None:
    forbidden = {**GOOD, ("/items", "Bearer not.a.token"): 403}

    require(smoke("https://api", token="t", get=Api(forbidden).get))


def test_an_unreachable_api_is_an_error_with_its_address() -> None:
    def refuse(*_: Any, **__: Any) -> requests.Response:
        raise requests.ConnectionError("refused")

    with pytest.raises(BlueprintError, match="https://api/health cannot be reached"):
        smoke("https://api", token=None, get=refuse)
