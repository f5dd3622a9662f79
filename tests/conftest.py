"""What all tests share: no real credentials, no sockets in unit tests, recorded AWS events."""

import io
import json
import logging
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

_TESTS = Path(__file__).parent

# Powertools reads these when its objects are made, which is when a test module imports a service.
os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "test")
os.environ.setdefault("POWERTOOLS_METRICS_NAMESPACE", "acme-useast1-test")

Event = dict[str, Any]
LoadEvent = Callable[[str], Event]


def pytest_configure(config: pytest.Config) -> None:
    # Normal for an invocation that has nothing to count; services filter it, pytest undoes that.
    config.addinivalue_line("filterwarnings", "ignore:No application metrics to publish")


@pytest.fixture(autouse=True)
def _isolated(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unit and integration tests can reach no account; unit tests (gitops: the pipelines' own) reach nothing at all."""
    suite = request.path.relative_to(_TESTS).parts[0]
    if suite not in {"unit", "gitops", "integration"}:
        return
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    if suite != "integration":
        monkeypatch.setattr(socket.socket, "connect", _refuse)


def _refuse(_: socket.socket, address: object) -> NoReturn:
    raise AssertionError(f"a unit test connected to {address}; it belongs in tests/integration")


@pytest.fixture
def load_event() -> LoadEvent:
    """A fresh copy of tests/events/<name>.json: one payload as AWS sent it."""

    def load(name: str) -> Event:
        event: Event = json.loads((_TESTS / "events" / f"{name}.json").read_text())
        return event

    return load


class Log:
    """The JSON lines written so far."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    def lines(self, message: str | None = None) -> list[dict[str, Any]]:
        """All lines, or those with that message."""
        entries = [json.loads(line) for line in self.text.splitlines()]
        return [entry for entry in entries if message in {None, entry["message"]}]


@pytest.fixture
def log() -> Iterator[Log]:
    from services.core.observability import logger

    handler = logger.registered_handler
    assert isinstance(handler, logging.StreamHandler)
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield Log(stream)
    handler.setStream(before)


class Counted:
    """The metrics in the EMF documents on standard output, and those not flushed yet."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self._flushed: list[dict[str, Any]] = []

    def documents(self) -> list[dict[str, Any]]:
        lines = self._capsys.readouterr().out.splitlines()
        self._flushed += [json.loads(line) for line in lines if '"_aws"' in line]
        return self._flushed

    def total(self, metric: str) -> float:
        from services.core.observability import metrics

        pending: list[float] = metrics.metric_set.get(metric, {}).get("Value", [])
        flushed: list[float] = [
            value for d in self.documents() if metric in d for value in d[metric]
        ]
        return sum(pending) + sum(flushed)


@pytest.fixture
def counted(capsys: pytest.CaptureFixture[str]) -> Iterator[Counted]:
    from services.core.observability import metrics

    metrics.clear_metrics()
    yield Counted(capsys)
    metrics.clear_metrics()
