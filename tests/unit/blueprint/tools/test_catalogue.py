"""What tools.toml, the Go modules and the locks must agree on."""

import re

import pytest

from blueprint import paths
from blueprint.tools.catalogue import tool, tools

PLATFORMS = {"linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64"}
BUILT = [name for name, entry in tools().items() if entry.go]


def test_every_release_is_for_every_platform_and_over_https() -> None:
    for entry in tools().values():
        if entry.download is not None:
            assert set(entry.download.targets) == PLATFORMS, entry.name
            assert entry.download.url.startswith("https://")
            assert entry.download.checksums.startswith("https://")


def test_every_pinned_version_is_one_that_path_may_have() -> None:
    for entry in tools().values():
        assert entry.accepts(entry.version), entry.name


@pytest.mark.parametrize(
    ("name", "version", "accepted"),
    [
        ("terraform", "1.11.0", True),
        ("terraform", "1.100.0", True),
        ("terraform", "1.9.8", False),
        ("terraform", "2.0.0", False),
        ("atmos", "1.190.0", True),
        ("atmos", "1.190.1", False),
        ("go", "1.25.0", True),
        ("go", "1.26", True),
        ("go", "1.24.6", False),
    ],
)
def test_versions_are_compared_as_numbers(name: str, version: str, *, accepted: bool) -> None:
    assert tool(name).accepts(version) is accepted


@pytest.mark.parametrize("name", ["uv", "go"])
def test_the_lock_of_a_tool_has_the_version_that_is_pinned(name: str) -> None:
    package = tool(name).python
    assert package is not None
    (pin,) = re.findall(r"^\S+==(\S+)", (paths.REQUIREMENTS / package.lock).read_text(), re.M)
    assert pin == tool(name).version


@pytest.mark.parametrize("name", BUILT)
def test_a_go_module_builds_the_version_that_is_pinned_with_any_go_that_is_accepted(
    name: str,
) -> None:
    module = tool(name).go
    assert module is not None
    text = (module.directory / "go.mod").read_text()
    ((source, version),) = [
        (path, version)
        for path, version in re.findall(r"^\t(\S+) v(\S+)", text, re.M)
        if f"{module.package}/".startswith(f"{path}/")
    ]
    assert version == tool(name).version
    assert f"\ntool {module.package}\n" in text
    (oldest,) = re.findall(r"^go (\S+)$", text, re.M)
    at_least = tool("go").at_least
    assert at_least is not None
    assert as_numbers(oldest) <= as_numbers(at_least)
    assert source in (module.directory / "go.sum").read_text()


@pytest.mark.parametrize(("name", "at_least"), [("atmos", 300), ("actionlint", 10)])
def test_every_module_of_a_build_has_its_checksum(name: str, at_least: int) -> None:
    module = tool(name).go
    assert module is not None
    sums = set(re.findall(r"^(\S+ v\S+) h1:", (module.directory / "go.sum").read_text(), re.M))
    text = (module.directory / "go.mod").read_text()
    replaced = dict(re.findall(r"^replace (\S+) => (\S+ v\S+)", text, re.M))
    required = re.findall(r"^\t(\S+) (v\S+)", text, re.M)
    assert len(required) > at_least
    missing = [
        wanted
        for path, version in required
        if f"{(wanted := replaced.get(path, f'{path} {version}'))}/go.mod" not in sums
    ]
    assert missing == []


def as_numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]
