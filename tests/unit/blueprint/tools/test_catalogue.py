"""What tools.toml, the Go module and the locks must agree on."""

import re

import pytest

from blueprint import paths
from blueprint.tools.catalogue import tool, tools

PLATFORMS = {"linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64"}


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
        ("go", "1.24.6", True),
        ("go", "1.25", True),
        ("go", "1.24", False),
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


def test_the_go_module_builds_the_atmos_that_is_pinned_with_the_go_that_is_accepted() -> None:
    module = tool("atmos").go
    assert module is not None
    text = (module.directory / "go.mod").read_text()
    assert f"\t{module.package} v{tool('atmos').version}" in text
    assert f"\ngo {tool('go').at_least}\n" in text


def test_every_module_of_the_build_has_its_checksum() -> None:
    module = tool("atmos").go
    assert module is not None
    sums = set(re.findall(r"^(\S+ v\S+) h1:", (module.directory / "go.sum").read_text(), re.M))
    text = (module.directory / "go.mod").read_text()
    replaced = dict(re.findall(r"^replace (\S+) => (\S+ v\S+)", text, re.M))
    required = re.findall(r"^\t(\S+) (v\S+)", text, re.M)
    assert len(required) > 300
    missing = [
        wanted
        for path, version in required
        if f"{(wanted := replaced.get(path, f'{path} {version}'))}/go.mod" not in sums
    ]
    assert missing == []
