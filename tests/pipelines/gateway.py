"""Serves a running job what is not on its machine: its identity token, credentials, GitHub's API, and deployed APIs.

Each job has addresses of its own, so it is known who asks, whatever it says: act gives all jobs of a run
the same token, so the gateway puts one in its place that holds the permissions of the job that asks.
"""

import json
import re
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from tests.fakes_github import FakeGithub
from tests.pipelines import identity
from tests.pipelines.events import Event
from tests.pipelines.identity import Identities, RefusedError
from tests.pipelines.workflow_files import Job

_PASSED = ("accept", "content-type", "user-agent", "x-github-api-version")


@dataclass(frozen=True)
class Call:
    """One call of the REST API by a job."""

    run: int
    job: str
    method: str
    path: str
    status: int


@dataclass(frozen=True)
class Registered:
    """A job that may ask, and what is its own: the secret that gets it a token, its token for the API."""

    run: int
    file: str
    event: Event
    job: Job
    secret: str
    token: str


@dataclass(frozen=True)
class Admission:
    """A job is about to enter an environment, which is when GitHub holds it for review."""

    run: int
    job: str
    environment: str
    event: Event


@dataclass
class Gateway:
    """The server. `admit` decides on every job that enters an environment: it returns, or raises RefusedError."""

    identities: Identities
    github: FakeGithub
    admit: Callable[[Admission], None]
    calls: list[Call] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._jobs: dict[str, Registered] = {}
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.gateway = self
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def register(self, job: Job, *, run: int, file: str, event: Event) -> Mapping[str, str]:
        """The variables that let `job` of a run of workflow `file` reach its own addresses."""
        key = f"{run}/{job.path.replace('/', '.')}"
        token = self.github.add_token(f"ghs_{run}_{job.path}", permissions=job.permissions)
        self._jobs[key] = Registered(run, file, event, job, secrets.token_urlsafe(16), token)
        variables = {"BLUEPRINT_GITHUB_API": f"{self.url}/api/{key}"}
        if job.may("id-token", "write"):
            # act evaluates the environment as it would stand in `environment:`.
            query = f"environment={job.environment or ''}"
            variables |= {
                "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.url}/token/{key}?{query}",
                "ACTIONS_ID_TOKEN_REQUEST_TOKEN": self._jobs[key].secret,
                "SIMULATED_STS": f"{self.url}/sts/{key}",
            }
        return variables

    def answer(
        self, method: str, target: str, headers: Any, body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body for a request."""
        parts = urlsplit(target)
        if match := re.fullmatch(r"/execute-api/(\d{12})/(\w+/.*)", parts.path):
            return self._execute(match[1], match[2], method, headers)
        match = re.match(r"/(token|sts|api)/(\d+/[\w.-]+)(/.*)?$", parts.path)
        if match is None or match[2] not in self._jobs:
            return _json(404, {"message": "Not Found"})
        job = self._jobs[match[2]]
        try:
            if match[1] == "token":
                return self._token(job, parse_qs(parts.query), headers)
            if match[1] == "sts":
                return _json(200, self._credentials(json.loads(body)))
            return self._api(job, method, match[2], match[3] or "/", parts.query, headers, body)
        except RefusedError as refusal:
            return _json(403, {"message": str(refusal)})
        except Exception as error:  # the handler's thread would swallow it, and the job would retry
            self.failures.append(f"{match[1]} of {job.job.path}: {type(error).__name__}: {error}")
            return _json(500, {"message": f"the simulator failed: {error}"})

    def api_endpoint(self, account: str) -> str:
        """Below which address the APIs of `account` answer, as `<endpoint>/<API's ID>/<path>`.

        On AWS an API's host name leads to its account. The embedded AWS looks where the request's key says,
        and in the default account without one.
        """
        return f"{self.url}/execute-api/{account}"

    def _execute(
        self, account: str, path: str, method: str, headers: Any
    ) -> tuple[int, dict[str, str], bytes]:
        answer = requests.request(
            method,
            f"{self.identities.accounts.instance.url}/_aws/execute-api/{path}",
            params={"AWSAccessKeyId": account},
            headers={name: headers[name] for name in ("authorization",) if name in headers},
            timeout=60,
        )
        return answer.status_code, {"content-type": "application/json"}, answer.content

    def _token(
        self, registered: Registered, query: Mapping[str, list[str]], headers: Any
    ) -> tuple[int, dict[str, str], bytes]:
        if headers.get("authorization", "").split(" ")[-1] != registered.secret:
            return _json(401, {"message": "the request token is another job's"})
        environment = query.get("environment", [""])[0] or None
        if environment:
            self.admit(
                Admission(registered.run, registered.job.path, environment, registered.event)
            )
        content = identity.claims(
            registered.event,
            registered.job,
            file=registered.file,
            run=registered.run,
            environment=environment,
            now=time.time(),
        )
        content["aud"] = query.get("audience", [identity.AUDIENCE])[0]
        return _json(200, {"value": self.identities.issue(content, job=registered.job.path)})

    def _credentials(self, request: Mapping[str, str]) -> Mapping[str, str]:
        return self.identities.assume(request["token"], request["role"])

    def _api(
        self,
        registered: Registered,
        method: str,
        key: str,
        path: str,
        query: str,
        headers: Any,
        body: bytes,
    ) -> tuple[int, dict[str, str], bytes]:
        passed = {name: headers[name] for name in _PASSED if name in headers}
        if "authorization" in headers:
            passed["authorization"] = f"Bearer {registered.token}"
        answer = requests.request(
            method,
            f"{self.github.url}{path}{'?' + query if query else ''}",
            data=body or None,
            headers=passed,
            timeout=30,
            allow_redirects=False,
        )
        self.calls.append(
            Call(registered.run, registered.job.path, method, path, answer.status_code)
        )
        # What the answer leads to (the next page) is asked for under the job's own address, too.
        own = f"{self.url}/api/{key}"
        kept = {
            name: value.replace(self.github.url, own)
            for name, value in answer.headers.items()
            if name.lower() in ("content-type", "link", "retry-after", "date")
            or name.lower().startswith("x-ratelimit")
        }
        return answer.status_code, kept, answer.content


def _json(status: int, content: Mapping[str, Any]) -> tuple[int, dict[str, str], bytes]:
    return status, {"content-type": "application/json"}, json.dumps(dict(content)).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    gateway: Gateway


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def _serve(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        status, headers, body = self.server.gateway.answer(
            self.command, self.path, self.headers, self.rfile.read(length)
        )
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, *_: object) -> None:
        """Calls are kept, not printed."""
