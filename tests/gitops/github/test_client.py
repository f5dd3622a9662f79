"""The client says harmless things twice, waits where GitHub asks it to, and stops with a remedy."""

import json
from collections.abc import Sequence
from typing import Any

import pytest
import requests

from blueprint.errors import BlueprintError, UsageError
from blueprint.github.client import Client, from_environment
from blueprint.github.errors import ApiError, RateLimitError

API = "https://api.github.com"
DATE = "Mon, 23 Nov 2026 12:00:00 GMT"
NOON = 1795435200  # the same moment
TOKEN = "ghs_0123456789"


def answer(status: int, body: Any = None, **headers: str) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response._content = json.dumps({} if body is None else body).encode()
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


class Github:
    """Answers in order; an exception is raised. Keeps what was asked, and how long was slept."""

    def __init__(self, *answers: requests.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str]] = []
        self.options: list[dict[str, Any]] = []
        self.slept: list[float] = []

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        self.asked.append((method, url))
        self.options.append(options)
        given = self.answers.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    def client(self) -> Client:
        # This machine's clock is an hour fast: GitHub's own time is what counts.
        return Client(
            API,
            "acme/orders",
            TOKEN,
            request=self.request,
            sleep=self.slept.append,
            now=lambda: NOON + 3600,
        )


def statuses(*codes: int) -> Sequence[requests.Response]:
    return [answer(code, {"message": "Server Error"}) for code in codes]


def test_a_call_names_the_api_version_the_program_and_the_token() -> None:
    github = Github(answer(200, {"number": 1}))

    assert github.client().get("/pulls/1") == {"number": 1}

    assert github.asked == [("GET", f"{API}/repos/acme/orders/pulls/1")]
    (options,) = github.options
    assert options["headers"]["X-GitHub-Api-Version"] == "2022-11-28"
    assert options["headers"]["User-Agent"] == "serverless-api-blueprint"
    request = options["auth"](requests.Request("GET", API).prepare())
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert options["timeout"] == (5, 30)


def test_a_read_is_repeated_while_github_fails_with_growing_pauses() -> None:
    github = Github(*statuses(500, 502), requests.ConnectionError("reset"), answer(200, {"a": 1}))

    assert github.client().get("/pulls/1") == {"a": 1}
    assert github.slept == [1, 2, 4]


def test_github_failing_throughout_is_an_error_after_four_attempts() -> None:
    github = Github(*statuses(503, 503, 503, 503))

    with pytest.raises(ApiError, match=r"GitHub refused GET /repos/.*/pulls/1: 503 Server Error"):
        github.client().get("/pulls/1")
    assert len(github.asked) == 4


@pytest.mark.parametrize(
    "failure", [*statuses(502), requests.ReadTimeout(), requests.ConnectionError()]
)
def test_what_creates_something_is_never_said_twice(failure: Any) -> None:
    github = Github(failure)

    with pytest.raises(BlueprintError, match="POST /repos/acme/orders/deployments"):
        github.client().post("/deployments", {"ref": "main"})
    assert len(github.asked) == 1
    assert github.slept == []


def test_a_lost_answer_to_a_creation_says_that_its_fate_is_unknown() -> None:
    github = Github(requests.ReadTimeout())

    with pytest.raises(BlueprintError, match="ReadTimeout; whether it was carried out is unknown"):
        github.client().post("/deployments", {})


def test_an_update_which_sets_values_outright_is_repeated() -> None:
    github = Github(*statuses(500), answer(200, {"id": 7}))

    assert github.client().patch("/issues/7", {"state": "closed"}) == {"id": 7}
    assert [method for method, _ in github.asked] == ["PATCH", "PATCH"]


def test_a_repeated_deletion_that_finds_nothing_left_is_done() -> None:
    github = Github(*statuses(502), answer(404, {"message": "Not Found"}))

    github.client().delete("/issues/comments/7")

    assert len(github.asked) == 2


@pytest.mark.parametrize("status", [403, 429])
def test_a_rate_limit_is_waited_for_as_long_as_github_says_even_by_a_creation(status: int) -> None:
    limited = answer(
        status, {"message": "You have exceeded a secondary rate limit"}, retry_after="7"
    )
    github = Github(limited, answer(201, {"id": 1}))

    assert github.client().post("/deployments", {}) == {"id": 1}
    assert github.slept == [7]


def test_the_primary_limit_is_waited_for_by_githubs_clock_and_not_by_ours() -> None:
    limited = answer(
        403,
        {"message": "API rate limit exceeded"},
        x_ratelimit_remaining="0",
        x_ratelimit_reset=str(NOON + 42),
        date=DATE,
    )
    github = Github(limited, answer(200, {"a": 1}))

    github.client().get("/pulls/1")

    assert github.slept == [42]


def test_a_limit_that_lasts_longer_than_a_minute_stops_and_says_when_to_run_again() -> None:
    limited = answer(
        403,
        {"message": "API rate limit exceeded"},
        x_ratelimit_remaining="0",
        x_ratelimit_reset=str(NOON + 1800),
        date=DATE,
    )
    github = Github(limited)

    with pytest.raises(RateLimitError, match="rate limit is used up at GET") as stopped:
        github.client().get("/pulls/1")
    assert "run again after 2026-11-23 12:30:00 UTC" in stopped.value.remedy
    assert github.slept == []


def test_a_secondary_limit_that_names_no_time_is_waited_for_one_minute_once() -> None:
    limited = [answer(403, {"message": "You have exceeded a secondary rate limit"}) for _ in "ab"]
    github = Github(*limited)

    with pytest.raises(RateLimitError):
        github.client().get("/pulls/1")
    assert github.slept == [60]


def test_a_missing_permission_is_named_as_a_workflow_spells_it() -> None:
    refused = answer(
        403,
        {"message": "Resource not accessible by integration"},
        x_accepted_github_permissions="issues=write; pull_requests=write,contents=read",
        x_ratelimit_remaining="0",
    )
    github = Github(refused)

    with pytest.raises(
        ApiError, match="POST /repos/acme/orders/issues/3/comments: 403 Resource not accessible"
    ) as stopped:
        github.client().post("/issues/3/comments", {"body": "x"})
    assert (
        "the permission `issues: write` or `pull-requests: write` and `contents: read`"
        in stopped.value.remedy
    )
    assert github.slept == []


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (301, "use its present name in GITHUB_REPOSITORY"),
        (401, "has expired"),
        (403, "check the job's `permissions:`"),
        (404, "may not see the repository"),
        (422, "read the reason above"),
    ],
)
def test_each_refusal_has_its_remedy_and_is_not_repeated(status: int, remedy: str) -> None:
    github = Github(answer(status, {"message": "No"}))

    with pytest.raises(ApiError, match=f"{status} No") as stopped:
        github.client().get("/pulls/1")
    assert remedy in stopped.value.remedy
    assert stopped.value.status == status
    assert len(github.asked) == 1


def test_the_fields_github_complains_about_are_in_the_message() -> None:
    body = {
        "message": "Validation Failed",
        "errors": [{"resource": "Issue", "field": "title", "code": "missing_field"}, "and more"],
    }
    github = Github(answer(422, body))

    with pytest.raises(ApiError, match="422 Validation Failed; title missing_field; and more"):
        github.client().post("/issues", {})


def test_what_is_not_there_is_none_and_other_refusals_are_not() -> None:
    github = Github(
        answer(404, {"message": "Not Found"}), answer(401, {"message": "Bad credentials"})
    )
    client = github.client()

    assert client.find("/git/ref/heads/x") is None
    with pytest.raises(ApiError, match="401 Bad credentials"):
        client.find("/git/ref/heads/x")


def test_a_list_is_read_page_by_page() -> None:
    following = f'<{API}/repos/acme/orders/issues?page=1>; rel="prev", <{API}/repositories/9/issues?page=2>; rel="next"'
    github = Github(answer(200, [{"n": 1}], link=following), answer(200, [{"n": 2}]))

    assert list(github.client().each("/issues", state="all")) == [{"n": 1}, {"n": 2}]

    assert github.options[0]["params"] == {"per_page": "100", "state": "all"}
    assert github.asked[1] == ("GET", f"{API}/repositories/9/issues?page=2")
    assert github.options[1]["params"] is None


@pytest.mark.parametrize("page", ["https://elsewhere.example/repos", f"{API}.evil.example/x"])
def test_the_token_is_never_sent_to_where_a_page_link_leads_astray(page: str) -> None:
    github = Github(answer(200, [], link=f'<{page}>; rel="next"'))

    with pytest.raises(BlueprintError, match="leads to a page it should not"):
        list(github.client().each("/issues"))
    assert len(github.asked) == 1


def test_a_list_that_leads_in_circles_ends() -> None:
    link = f'<{API}/repos/acme/orders/issues?page=2>; rel="next"'
    github = Github(*[answer(200, [], link=link) for _ in range(3)])

    with pytest.raises(BlueprintError, match="leads to a page it should not"):
        list(github.client().each("/issues"))


@pytest.mark.parametrize("content", [b"<html>proxy</html>", b"[1]", b'{"truncated": '])
def test_an_answer_of_another_form_is_an_error_and_not_an_empty_result(content: bytes) -> None:
    response = answer(200)
    response._content = content
    github = Github(response, response)
    client = github.client()

    with pytest.raises(BlueprintError, match="answer to GET /pulls/1 is not the JSON it should be"):
        client.get("/pulls/1")
    with pytest.raises(BlueprintError, match="answer to GET /pulls is not the JSON it should be"):
        list(client.each("/pulls"))


def test_a_workflows_token_has_no_login_and_a_persons_has() -> None:
    github = Github(
        answer(403, {"message": "Resource not accessible by integration"}),
        answer(200, {"login": "ada"}),
    )
    client = github.client()

    assert client.login() is None
    assert client.login() == "ada"
    assert github.asked[0] == ("GET", f"{API}/user")


def test_a_wrong_token_is_no_token_without_a_login() -> None:
    github = Github(answer(401, {"message": "Bad credentials"}))

    with pytest.raises(ApiError, match="GET /user: 401 Bad credentials"):
        github.client().login()


ENVIRONMENT = {"GITHUB_TOKEN": TOKEN, "GITHUB_REPOSITORY": "acme/orders"}


@pytest.mark.parametrize(
    ("variables", "address"),
    [
        ({}, "https://api.github.com"),
        ({"GITHUB_API_URL": "https://ghe.example/api/v3"}, "https://ghe.example/api/v3"),
        (
            {"GITHUB_API_URL": API, "BLUEPRINT_GITHUB_API": "http://127.0.0.1:4567/"},
            "http://127.0.0.1:4567",
        ),
    ],
)
def test_the_address_comes_from_the_environment(variables: dict[str, str], address: str) -> None:
    github = Github(answer(200, {}))

    from_environment({**ENVIRONMENT, **variables}, request=github.request).get("/pulls/1")

    assert github.asked == [("GET", f"{address}/repos/acme/orders/pulls/1")]


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"GITHUB_TOKEN": " "}, "GITHUB_TOKEN is not set"),
        ({"GITHUB_TOKEN": "ghs_a\nb"}, "GITHUB_TOKEN holds a character no token has"),
        ({"GITHUB_TOKEN": "ghs_ä"}, "GITHUB_TOKEN holds a character no token has"),
        ({"GITHUB_REPOSITORY": ""}, "GITHUB_REPOSITORY is not set"),
        ({"GITHUB_REPOSITORY": "orders"}, "GITHUB_REPOSITORY is not owner/name: orders"),
        ({"GITHUB_API_URL": "http://ghe.example"}, "GITHUB_API_URL is not an https address"),
        ({"BLUEPRINT_GITHUB_API": "ftp://x"}, "BLUEPRINT_GITHUB_API is not an https address"),
    ],
)
def test_a_wrong_variable_is_named_and_the_token_is_not_shown(
    variables: dict[str, str], message: str
) -> None:
    with pytest.raises(UsageError, match=message) as stopped:
        from_environment({**ENVIRONMENT, **variables})
    assert "ghs_" not in f"{stopped.value.message} {stopped.value.remedy}"


def test_no_error_shows_the_token() -> None:
    github = Github(
        answer(401, {"message": "Bad credentials"}), requests.ConnectionError(f"Bearer {TOKEN}")
    )
    for _ in github.answers.copy():
        with pytest.raises(BlueprintError) as stopped:
            github.client().post("/issues", {})
        assert TOKEN not in f"{stopped.value.message} {stopped.value.remedy} {github.client()!r}"
