"""The fake GitHub as a server on loopback, and what a test arranges and sees behind its back."""

import json
import socket
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.fakes_github import api, deployments, issues, pulls
from tests.fakes_github.exchange import Answer, Json, Request
from tests.fakes_github.faults import Fault, Faults
from tests.fakes_github.git import Git
from tests.fakes_github.routing import Repository
from tests.fakes_github.state import State

_POLL_SECONDS = 0.01  # how long stopping takes at most

ACTIONS = {"login": "github-actions[bot]", "type": "Bot"}


class FakeGithub:
    """One repository on a GitHub of its own. `with FakeGithub(...) as github:` serves until the end.

    git         the bare repository its refs are in
    state_file  read at the start where it exists, written after every change
    """

    def __init__(
        self, *, repository: str, git: Path, port: int = 0, state_file: Path | None = None
    ) -> None:
        self.repository = repository
        self._state_file = state_file
        saved = state_file is not None and state_file.exists()
        self.state = State.load(state_file) if saved and state_file else State()
        self._behind = Repository(self.state, Git(git))
        self._faults = Faults()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.github = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL_SECONDS,), daemon=True
        )

    @property
    def url(self) -> str:
        """What BLUEPRINT_GITHUB_API is set to."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def add_token(
        self,
        token: str,
        *,
        permissions: Mapping[str, str] | None = None,
        login: str = "github-actions[bot]",
        kind: str = "Bot",
    ) -> str:
        """Know `token`; without `permissions` ({"issues": "write"}) it may do everything."""
        held = None if permissions is None else dict(permissions)
        self.state.tokens[token] = {"login": login, "kind": kind, "permissions": held}
        self._save()
        return token

    def open_pull(
        self,
        *,
        head_sha: str,
        base_sha: str,
        title: str = "A change",
        body: str | None = None,
        labels: Sequence[str] = (),
        head_repository: str | None = "",
        author: Mapping[str, str] = ACTIONS,
    ) -> int:
        """Open a pull request and return its number; `head_repository` None is a fork that is gone."""
        with self._lock:
            number = self.state.next_number()
            request = self._as({"title": title, "body": body, "labels": list(labels)}, author)
            issue = issues.new_issue(self._behind, request, number)
            issue["pull_request"] = {"url": f"{self.url}/repos/{self.repository}/pulls/{number}"}
            issue["html_url"] = request.html(f"/pull/{number}")
            origin = self.repository if head_repository == "" else head_repository
            self.state.pulls.append(
                {
                    "id": self.state.next_id(),
                    "number": number,
                    "draft": False,
                    "merged": False,
                    "html_url": issue["html_url"],
                    "head": {
                        "sha": head_sha,
                        "ref": f"change-{number}",
                        "repo": None if origin is None else {"full_name": origin},
                    },
                    "base": {
                        "sha": base_sha,
                        "ref": "main",
                        "repo": {"full_name": self.repository},
                    },
                }
            )
        self._save()
        return number

    def close_pull(self, number: int, *, merged: bool = False) -> None:
        issue = self.state.issue(number)
        assert issue is not None, f"there is no pull request {number}"
        issue["state"] = "closed"
        pull = next(entry for entry in self.state.pulls if entry["number"] == number)
        pull["merged"] = merged
        self._save()

    def pull(self, number: int) -> Json:
        """The pull request as GitHub shows it, for instance for an event's payload."""
        found = next(entry for entry in self.state.pulls if entry["number"] == number)
        return pulls.as_json(self._behind, found)

    def comment_as(self, number: int, body: str, author: Mapping[str, str]) -> None:
        """A comment somebody else writes."""
        self._call_as("POST", f"/issues/{number}/comments", {"body": body}, author)

    def issue_as(
        self, title: str, body: str, labels: Sequence[str], author: Mapping[str, str]
    ) -> int:
        """An issue somebody else opens; its number."""
        content = {"title": title, "body": body, "labels": list(labels)}
        opened = self._call_as("POST", "/issues", content, author)
        return int(opened["number"])

    def deploy_as_actions(self, environment: str, sha: str) -> None:
        """The deployment GitHub makes by itself for a job that names an environment."""
        with self._lock:
            request = self._as(
                {"ref": sha, "environment": environment, "state": "success"}, ACTIONS
            )
            deployment = deployments.new_deployment(self._behind, request, sha)
            deployments.succeed(self._behind, request, deployment)
        self._save()

    def add_environment(self, name: str, *, reviewers: Sequence[str] = ()) -> None:
        rules: list[Json] = []
        if reviewers:
            users = [{"type": "User", "reviewer": {"login": login}} for login in reviewers]
            rules = [{"id": 1, "type": "required_reviewers", "reviewers": users}]
        self.state.environments[name] = {"id": 1, "name": name, "protection_rules": rules}
        self._save()

    def comments(self, number: int) -> list[Json]:
        """The comments on an issue or pull request, oldest first."""
        issue = self.state.issue(number)
        assert issue is not None, f"there is no issue {number}"
        return [c for c in self.state.comments if c["issue_url"] == issue["url"]]

    def ref(self, name: str) -> str | None:
        """Where a ref ("heads/deployed/dev") points in the real git repository."""
        return self._behind.git.resolve(f"refs/{name}")

    def calls(self, method: str | None = None) -> list[str]:
        """`METHOD /path status` of every call so far, or of those with that method."""
        return [
            f"{call['method']} {call['path']} {call['status']}"
            for call in self.state.calls
            if method in {None, call["method"]}
        ]

    def fail(self, method: str, path: str, *faults: Fault) -> None:
        """Spoil the next answers to `method` on paths matching the expression `path`."""
        self._faults.add(method, path, *faults)

    def handle(
        self, method: str, target: str, headers: Mapping[str, str], content: bytes
    ) -> Answer | None:
        """The answer to a request, None to drop the connection."""
        with self._lock:
            if method == "GET" and target == "/_state":
                return Answer(200, self.state.as_json())
            fault = self._faults.take(method, target)
            if fault is None or fault.carried_out:
                answer: Answer | None = api.answer(
                    self._behind, self.repository, method, target, headers, content, self.url
                )
            if fault is not None:
                answer = fault.answer
            status = 0 if answer is None else answer.status
            self.state.calls.append({"method": method, "path": target, "status": status})
            self._save()
            return answer

    def _call_as(self, method: str, path: str, body: Json, author: Mapping[str, str]) -> Json:
        """What a person does on the website: no token, no faults, not among the calls."""
        secret = "the-website"
        with self._lock:
            self.state.tokens[secret] = {"login": author["login"], "kind": author["type"]}
            answer = api.answer(
                self._behind,
                self.repository,
                method,
                f"/repos/{self.repository}{path}",
                {"authorization": f"Bearer {secret}", "user-agent": "a browser"},
                json.dumps(body).encode(),
                self.url,
            )
            del self.state.tokens[secret]
        assert answer.status < 300, answer.body
        assert isinstance(answer.body, dict)
        self._save()
        return answer.body

    def _as(self, body: Json, author: Mapping[str, str]) -> Request:
        return Request("POST", "", {}, body, self.url, self.repository, dict(author))

    def _save(self) -> None:
        if self._state_file is not None:
            self.state.save(self._state_file)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    github: FakeGithub


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _serve(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        content = self.rfile.read(int(headers.get("content-length") or 0))
        answer = self.server.github.handle(self.command, self.path, headers, content)
        if answer is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        body = b"" if answer.body is None else json.dumps(answer.body).encode()
        used = len(self.server.github.state.calls)
        added = {**api.rate_limit_headers(used), **answer.headers}
        self.send_response(answer.status)
        for name, value in added.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
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
        """The calls are in the state; standard error stays free."""
