"""The canary's script, and the zip of it that Terraform takes."""

import base64
import http.client
import importlib.util
import io
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from blueprint.observability import canary


@pytest.fixture
def health() -> ModuleType:
    spec = importlib.util.spec_from_file_location("health", canary.DIRECTORY / "health.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Connection:
    """Stands for http.client's: answers every request with one status, and remembers what was asked."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.asked: list[object] = []

    def __call__(self, host: str, timeout: float) -> "Connection":
        self.asked += [host, timeout]
        return self

    def request(self, method: str, path: str) -> None:
        self.asked += [method, path]

    def getresponse(self) -> "Connection":
        return self

    def close(self) -> None:
        self.asked.append("closed")


@pytest.mark.parametrize(
    ("url", "path"),
    [("https://api.example.com/live/health", "/live/health"), ("https://api.example.com", "/")],
)
def test_a_probe_that_is_answered_200_succeeds(
    health: ModuleType, monkeypatch: pytest.MonkeyPatch, url: str, path: str
) -> None:
    connection = Connection(200)
    monkeypatch.setenv("URL", url)
    monkeypatch.setattr(http.client, "HTTPSConnection", connection)

    assert health.handler({}, None) == f"{url} answered 200"
    assert connection.asked == ["api.example.com", 10, "GET", path, "closed"]


@pytest.mark.parametrize("status", [204, 301, 404, 429, 500, 503])
def test_a_probe_that_is_answered_otherwise_fails(
    health: ModuleType, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    connection = Connection(status)
    monkeypatch.setenv("URL", "https://api.example.com/health")
    monkeypatch.setattr(http.client, "HTTPSConnection", connection)

    with pytest.raises(RuntimeError, match=f"health answered {status}"):
        health.handler({}, None)
    assert connection.asked[-1] == "closed"


def test_a_probe_of_anything_but_https_fails(
    health: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("URL", "file:///etc/passwd")

    with pytest.raises(ValueError, match="URL must be an https address"):
        health.handler({}, None)


def test_the_zip_beside_the_script_is_the_script_where_synthetics_looks() -> None:
    content = base64.b64decode((canary.DIRECTORY / "health.zip.base64").read_text(encoding="ascii"))

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == ["python/health.py"]
        assert archive.read("python/health.py") == (canary.DIRECTORY / "health.py").read_bytes()
    assert canary.check() == []


def test_a_changed_script_is_told_and_written(tmp_path: Path) -> None:
    (tmp_path / "health.py").write_text("x = 1\n", encoding="utf-8")

    assert canary.check(tmp_path) == [
        "health.zip.base64 is not the zip of health.py: run `blueprint fix`"
    ]
    assert canary.write(tmp_path)
    assert not canary.write(tmp_path)
    assert canary.check(tmp_path) == []
    (tmp_path / "health.py").write_text("x = 2\n", encoding="utf-8")
    assert canary.check(tmp_path) != []
