"""Calls GitHub's REST API for one repository: authentication, retries, rate limits, pages, errors."""

import email.utils
import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from blueprint.errors import BlueprintError, UsageError
from blueprint.github import errors
from blueprint.github.event import repository_of

PUBLIC_API = "https://api.github.com"
API_VERSION = "2022-11-28"

_TIMEOUT_SECONDS = (5, 30)  # to connect, to answer
_BACKOFF_SECONDS = (1, 2, 4)  # between attempts, so there are at most four
_LONGEST_WAIT_SECONDS = 60  # for a rate limit, in all, per call
_UNSAID_WAIT_SECONDS = 60  # what GitHub asks for when it names no time

# Every PATCH here sets values outright and every DELETE may find nothing, so saying it twice does
# no harm. A POST makes something: an answer that was lost may have made it already.
_REPEATABLE = frozenset({"GET", "PATCH", "DELETE"})
_PASSING = frozenset({500, 502, 503, 504})
_LOST = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
)
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_NEXT = re.compile(r'<([^>]+)>\s*;\s*rel="next"')

Json = dict[str, Any]


class Client:
    """One repository on GitHub, seen with one token. Paths are relative to the repository."""

    def __init__(
        self,
        api: str,
        repository: str,
        token: str,
        *,
        request: Callable[..., requests.Response] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._api = api.rstrip("/")
        self.repository = repository
        self._auth = _Bearer(token)
        self._request = request or requests.Session().request
        self._sleep = sleep
        self._now = now

    def get(self, path: str, **parameters: str) -> Json:
        """The object at `path`. Raises ApiError for any answer but a success."""
        return _object(self._call("GET", self._url(path), parameters=parameters), f"GET {path}")

    def find(self, path: str, **parameters: str) -> Json | None:
        """The object at `path`, or None where there is none."""
        try:
            return self.get(path, **parameters)
        except errors.ApiError as error:
            if error.status == 404:
                return None
            raise

    def each(self, path: str, **parameters: str) -> Iterator[Json]:
        """Every object of the list at `path`; pages are fetched as they are needed."""
        url: str | None = self._url(path)
        parameters = {"per_page": "100", **parameters}
        seen: set[str] = set()
        while url is not None:
            if url in seen or not url.startswith(f"{self._api}/"):
                raise BlueprintError(
                    f"GitHub's list of {path} leads to a page it should not: {url}",
                    remedy="check the address in BLUEPRINT_GITHUB_API or GITHUB_API_URL",
                )
            seen.add(url)
            response = self._call("GET", url, parameters=parameters)
            yield from _objects(response, f"GET {path}")
            following = _NEXT.search(response.headers.get("link", ""))
            url, parameters = (following[1] if following else None), {}

    def post(self, path: str, body: Json) -> Json:
        """Create what `body` describes; never said twice, unless GitHub turned it away unread."""
        return _object(self._call("POST", self._url(path), body=body), f"POST {path}")

    def patch(self, path: str, body: Json) -> Json:
        """Set the values in `body`."""
        return _object(self._call("PATCH", self._url(path), body=body), f"PATCH {path}")

    def delete(self, path: str) -> None:
        """Delete what is at `path`, if it is there."""
        try:
            self._call("DELETE", self._url(path))
        except errors.ApiError as error:
            if error.status != 404:
                raise

    def login(self) -> str | None:
        """Whose token this is; None for one of an app or a workflow, which GitHub does not tell."""
        try:
            response = self._call("GET", f"{self._api}/user")
        except errors.ApiError as error:
            if error.status == 403:
                return None
            raise
        return str(_object(response, "GET /user").get("login"))

    def _url(self, path: str) -> str:
        return f"{self._api}/repos/{self.repository}{path}"

    def _call(
        self,
        method: str,
        url: str,
        *,
        body: Json | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The answer, once it is a success; raises ApiError, or BlueprintError when none comes."""
        call = f"{method} {urlsplit(url).path}"
        failures, waited = 0, 0.0
        while True:
            final = failures == len(_BACKOFF_SECONDS) or method not in _REPEATABLE
            try:
                response = self._request(
                    method,
                    url,
                    json=body,
                    params=parameters or None,
                    headers={
                        "Accept": "application/vnd.github+json",
                        "X-GitHub-Api-Version": API_VERSION,
                        "User-Agent": "serverless-api-blueprint",
                    },
                    auth=self._auth,
                    timeout=_TIMEOUT_SECONDS,
                    # A redirected POST would arrive as a GET and look like a success.
                    allow_redirects=False,
                )
            except _LOST as error:
                if final:
                    raise _unreachable(call, error, method) from error
            except requests.RequestException as error:
                raise _unreachable(call, error, method) from error
            else:
                if response.status_code < 300:
                    return response
                body_of = _decoded(response)
                if _is_rate_limit(response, body_of):
                    pause = self._pause(response)
                    waited += pause
                    if waited > _LONGEST_WAIT_SECONDS:
                        raise self._exhausted(call, response, body_of, pause)
                    self._sleep(pause)
                    continue
                if response.status_code not in _PASSING or final:
                    raise errors.refused(call, response.status_code, response.headers, body_of)
            self._sleep(_BACKOFF_SECONDS[failures])
            failures += 1

    def _pause(self, response: requests.Response) -> float:
        """Seconds until GitHub will listen again, by GitHub's clock where it tells the time."""
        headers = response.headers
        if headers.get("retry-after", "").isdigit():
            return max(1.0, float(headers["retry-after"]))
        reset = headers.get("x-ratelimit-reset", "")
        if headers.get("x-ratelimit-remaining") == "0" and reset.isdigit():
            return max(1.0, float(reset) - self._github_time(response))
        return _UNSAID_WAIT_SECONDS

    def _github_time(self, response: requests.Response) -> float:
        try:
            return email.utils.parsedate_to_datetime(response.headers["date"]).timestamp()
        except (KeyError, TypeError, ValueError):
            return self._now()

    def _exhausted(
        self, call: str, response: requests.Response, body: object, pause: float
    ) -> errors.RateLimitError:
        again = datetime.fromtimestamp(self._github_time(response) + pause, UTC)
        return errors.RateLimitError(
            f"GitHub's rate limit is used up at {call}",
            remedy=f"run again after {again:%Y-%m-%d %H:%M:%S} UTC; what was done so far stays",
            status=response.status_code,
            reason=errors.reason_of(body),
        )


def from_environment(
    env: Mapping[str, str],
    *,
    request: Callable[..., requests.Response] | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Client:
    """The client for GITHUB_REPOSITORY with GITHUB_TOKEN.

    BLUEPRINT_GITHUB_API overrules GITHUB_API_URL, which some runners fix. Raises UsageError naming
    the variable that is missing or wrong.
    """
    token = env.get("GITHUB_TOKEN", "").strip()
    if not token:
        raise UsageError(
            "GITHUB_TOKEN is not set",
            remedy="in a workflow: `env: {GITHUB_TOKEN: ${{ github.token }}}`; on a laptop: a token of yours",
        )
    if not (token.isascii() and token.isprintable() and " " not in token):
        # requests would quote the whole header, token included, in its own complaint.
        raise UsageError(
            "GITHUB_TOKEN holds a character no token has", remedy="set it to the token alone"
        )
    return Client(_api(env), repository_of(env), token, request=request, sleep=sleep)


def _api(env: Mapping[str, str]) -> str:
    variable = "BLUEPRINT_GITHUB_API" if env.get("BLUEPRINT_GITHUB_API") else "GITHUB_API_URL"
    address = env.get(variable) or PUBLIC_API
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return address
    raise UsageError(
        f"{variable} is not an https address: {address}",
        remedy="the token must not travel in the clear: use https (plain http only on this machine)",
    )


class _Bearer(AuthBase):
    """Sends the token; as an `auth` it also keeps requests from preferring a ~/.netrc."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _is_rate_limit(response: requests.Response, body: object) -> bool:
    if response.status_code == 429:
        return True
    if response.status_code != 403 or errors.lacks_permission(403, body):
        return False
    return (
        "retry-after" in response.headers
        or response.headers.get("x-ratelimit-remaining") == "0"
        or "rate limit" in errors.reason_of(body).lower()
    )


def _unreachable(call: str, error: Exception, method: str) -> BlueprintError:
    lost = "" if method in _REPEATABLE else "; whether it was carried out is unknown"
    return BlueprintError(
        f"GitHub did not answer {call}: {type(error).__name__}{lost}",
        remedy="check the network and githubstatus.com, then run again: what exists is found, not made twice",
    )


def _decoded(response: requests.Response) -> object:
    try:
        return response.json()
    except requests.JSONDecodeError:
        return None


def _object(response: requests.Response, call: str) -> Json:
    decoded = _decoded(response)
    if not isinstance(decoded, dict):
        raise _unreadable(call)
    return decoded


def _objects(response: requests.Response, call: str) -> list[Json]:
    decoded = _decoded(response)
    if not isinstance(decoded, list) or not all(isinstance(entry, dict) for entry in decoded):
        raise _unreadable(call)
    return decoded


def _unreadable(call: str) -> BlueprintError:
    return BlueprintError(
        f"GitHub's answer to {call} is not the JSON it should be",
        remedy="check the address in BLUEPRINT_GITHUB_API or GITHUB_API_URL, then run again",
    )
