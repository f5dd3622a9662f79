"""Where a tool is taken from, in which order, and what is left when a source fails."""

import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from blueprint.errors import BlueprintError, UsageError
from blueprint.tools import provision
from blueprint.tools.catalogue import tool
from blueprint.tools.exclusive import exclusive
from tests.unit.blueprint.tools.conftest import Answer, Machine, says


def test_the_right_version_on_path_is_taken_and_nothing_is_fetched(machine: Machine) -> None:
    installed = machine.on_path("terraform", "1.12.2")

    link = provision.ensure("terraform", host=machine.host)

    assert link == machine.host.tools / "bin" / "terraform"
    assert link.readlink() == installed
    assert machine.network.asked == []


def test_a_later_directory_of_path_is_searched_when_the_first_has_the_wrong_version(
    machine: Machine,
) -> None:
    machine.on_path("terraform", "1.5.7")
    right = machine.on_path("terraform", "1.11.0", directory="add-ons")

    assert provision.ensure("terraform", host=machine.host).readlink() == right


@pytest.mark.parametrize(
    ("name", "version"),
    [("terraform", "1.10.5"), ("terraform", "2.0.0"), ("atmos", "1.226.1"), ("uv", "0.8.24")],
)
def test_a_wrong_version_on_path_is_passed_over(machine: Machine, name: str, version: str) -> None:
    machine.on_path(name, version)

    with pytest.raises(BlueprintError, match=rf"usr-bin/{name} is {version}"):
        provision.ensure(name, host=machine.host)


def test_a_shim_on_path_that_fails_is_passed_over(machine: Machine) -> None:
    machine.script(
        machine.host.search_path[1] / "terraform", "echo 'no version is set' >&2; exit 126"
    )

    with pytest.raises(BlueprintError, match=r"does not tell its version \(no version is set\)"):
        provision.ensure("terraform", host=machine.host)


def test_a_link_of_this_clone_is_not_path(machine: Machine) -> None:
    machine.script(machine.host.links / "atmos", says("atmos", "1.190.0"))

    with pytest.raises(BlueprintError, match=r"PATH: needs exactly 1\.190\.0; there is none"):
        provision.ensure("atmos", host=machine.host)


def test_a_release_is_downloaded_verified_and_kept(machine: Machine) -> None:
    machine.network.publish("atmos", machine.source("atmos", says("atmos", "1.190.0")).encode())

    link = provision.ensure("atmos", host=machine.host)

    assert link.readlink() == machine.host.cache / "tools" / "atmos-1.190.0-linux-amd64" / "atmos"
    answer = subprocess.run([link, "version"], capture_output=True, text=True, check=True)
    assert "1.190.0" in answer.stdout
    assert machine.kept() == ["atmos-1.190.0-linux-amd64"]


def test_a_wrong_checksum_is_an_error_that_leaves_nothing_and_tries_nothing_else(
    machine: Machine,
) -> None:
    machine.on_path("go", "1.26.6")
    machine.network.publish("atmos", b"tampered with", checksum="ab" * 32)

    with pytest.raises(BlueprintError, match="not what its publisher released") as raised:
        provision.ensure("atmos", host=machine.host)

    assert f"says {'ab' * 32}" in raised.value.message
    assert machine.kept() == []
    assert machine.called("go") == []
    assert not (machine.host.links / "atmos").exists()


def test_a_checksum_file_without_the_release_is_not_trusted(machine: Machine) -> None:
    machine.network.publish("atmos", b"anything")
    sums = next(url for url in machine.network.answers if url.endswith("SHA256SUMS"))
    machine.network.answers[sums] = lambda: Answer(b"<html>log in to this network</html>")

    with pytest.raises(BlueprintError, match=r"has no checksum for atmos_1\.190\.0_linux_amd64"):
        provision.ensure("atmos", host=machine.host)


def test_a_refused_download_falls_through_with_one_line(machine: Machine) -> None:
    carries_uv(machine)

    provision.ensure("uv", host=machine.host)

    lines = machine.said.getvalue().splitlines()
    assert lines[0] == (
        "uv 0.13.9: no official download (github.com: Network is unreachable); taking the Python package"
    )
    assert lines[1:] == ["uv 0.13.9: Python package"]


def test_the_python_package_is_installed_by_its_hashes_and_from_wheels_only(
    machine: Machine,
) -> None:
    carries_uv(machine)

    provision.ensure("uv", host=machine.host)

    (call,) = machine.called("pip")
    assert "--require-hashes" in call
    assert "--only-binary :all:" in call
    assert call.endswith(f"-r {machine.host.requirements / 'uv.txt'}")


def test_a_download_that_breaks_off_falls_through_and_leaves_nothing(machine: Machine) -> None:
    machine.network.publish("atmos", b"a" * 1000, cut=True)

    with pytest.raises(
        BlueprintError, match="official download: broke off after 500 of 1000 bytes"
    ):
        provision.ensure("atmos", host=machine.host)

    assert machine.kept() == []


def test_an_interrupted_download_leaves_nothing(machine: Machine) -> None:
    machine.network.publish("atmos", b"a")
    url = next(url for url in machine.network.answers if url.endswith("amd64"))
    machine.network.answers[url] = lambda: Answer(b"a", interrupt=True)

    with pytest.raises(KeyboardInterrupt):
        provision.ensure("atmos", host=machine.host)

    assert machine.kept() == []


def test_what_a_killed_run_left_is_cleared_away(machine: Machine) -> None:
    left_over = machine.host.cache / "tools" / ".atmos-1.190.0-linux-amd64.killed"
    left_over.mkdir(parents=True)
    (left_over / ".download").write_bytes(b"half")
    machine.network.publish("atmos", machine.source("atmos", says("atmos", "1.190.0")).encode())

    provision.ensure("atmos", host=machine.host)

    assert machine.kept() == ["atmos-1.190.0-linux-amd64"]


def test_a_release_that_does_not_run_here_falls_through(machine: Machine) -> None:
    machine.network.publish("atmos", b"#!/no/such/loader\n")

    with pytest.raises(BlueprintError, match="official download: does not run here"):
        provision.ensure("atmos", host=machine.host)

    assert machine.kept() == []


def test_a_platform_without_a_release_is_told_so(machine: Machine) -> None:
    host = replace(machine.host, platform="freebsd-amd64")

    with pytest.raises(BlueprintError, match="official download: no release for freebsd-amd64"):
        provision.ensure("terraform", host=host)

    assert machine.network.asked == []


def test_a_second_clone_takes_what_the_first_one_kept(machine: Machine) -> None:
    machine.network.publish("atmos", machine.source("atmos", says("atmos", "1.190.0")).encode())
    first = provision.ensure("atmos", host=machine.host)
    machine.network.asked.clear()

    second = provision.ensure("atmos", host=machine.second_clone().host)

    assert second != first
    assert second.readlink() == first.readlink()
    assert machine.network.asked == []


def test_a_kept_binary_that_no_longer_answers_is_replaced(machine: Machine) -> None:
    machine.network.publish("atmos", machine.source("atmos", says("atmos", "1.190.0")).encode())
    kept = provision.ensure("atmos", host=machine.host).readlink()
    kept.write_text("#!/bin/sh\nexit 1\n")

    provision.ensure("atmos", host=machine.host)

    assert "1.190.0" in kept.read_text()
    assert "discarding it" in machine.said.getvalue()


def test_a_second_run_asks_and_fetches_nothing(machine: Machine) -> None:
    machine.on_path("terraform", "1.11.4")
    provision.ensure("terraform", host=machine.host)
    calls, said = machine.called(), machine.said.getvalue()

    provision.ensure("terraform", host=machine.host)

    assert len(calls) == 1
    assert machine.called() == calls
    assert machine.said.getvalue() == said


def test_a_tool_that_was_removed_is_provided_again(machine: Machine) -> None:
    machine.on_path("terraform", "1.11.4")
    provision.ensure("terraform", host=machine.host).readlink().unlink()
    other = machine.on_path("terraform", "1.12.0", directory="add-ons")

    assert provision.provided("terraform", host=machine.host) is None
    assert provision.ensure("terraform", host=machine.host).readlink() == other


def test_a_tool_that_was_upgraded_in_its_place_is_asked_again(machine: Machine) -> None:
    machine.on_path("terraform", "1.11.4")
    provision.ensure("terraform", host=machine.host)
    machine.on_path("terraform", "2.0.0")

    with pytest.raises(BlueprintError, match=r"terraform is 2\.0\.0"):
        provision.ensure("terraform", host=machine.host)


def test_what_was_provided_can_be_told_without_running_it(machine: Machine) -> None:
    assert provision.provided("terraform", host=machine.host) is None
    installed = machine.on_path("terraform", "1.11.4")
    provision.ensure("terraform", host=machine.host)
    calls = machine.called()

    told = provision.provided("terraform", host=machine.host)

    assert told == provision.Provided(installed, "1.11.4", f"found on PATH as {installed}")
    assert machine.called() == calls


def test_atmos_is_built_by_the_checksums_of_its_own_module(machine: Machine) -> None:
    builds_atmos(machine)

    link = provision.ensure("atmos", host=machine.host)

    (build,) = machine.called("go build")
    assert build.endswith(" github.com/cloudposse/atmos")
    assert f"pkg/version.Version={tool('atmos').version}" in build
    assert link.readlink().parent == machine.host.cache / "tools" / "atmos-1.190.0-linux-amd64"
    assert "built, 2 packages compiled" in machine.said.getvalue()


def test_actionlint_is_told_its_version_whoever_built_it(machine: Machine) -> None:
    released = machine.on_path("actionlint", "1.7.12")
    module = machine.on_path("actionlint", "v1.7.12", directory="add-ons")

    assert provision.ensure("actionlint", host=machine.host).readlink() == released
    released.unlink()
    assert provision.ensure("actionlint", host=machine.host).readlink() == module


def test_atmos_is_not_built_again_for_a_second_clone(machine: Machine) -> None:
    builds_atmos(machine)
    provision.ensure("atmos", host=machine.host)

    provision.ensure("atmos", host=machine.second_clone().host)

    assert len(machine.called("go build")) == 1


def test_a_build_resolves_nothing_whatever_the_user_set(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"GOFLAGS": "-mod=mod", "GOWORK": "x", "CGO_ENABLED": "1"}.items():
        monkeypatch.setenv(name, value)
    builds_atmos(machine, also='echo "flags $GOFLAGS work $GOWORK cgo $CGO_ENABLED" >> "$NOTES"')
    notes = machine.host.root.parent / "notes"
    monkeypatch.setenv("NOTES", str(notes))

    provision.ensure("atmos", host=machine.host)

    said = set(notes.read_text().splitlines())
    assert "flags -mod=readonly -trimpath -buildvcs=false work off cgo 0" in said


def test_a_build_that_fails_gives_go_s_reason_and_leaves_nothing(machine: Machine) -> None:
    machine.script(
        machine.host.search_path[1] / "go",
        'if [ "$1" = version ]; then ' + says("go", "1.26.6") + "; exit; fi\n"
        "echo 'go: downloading example.com v1.0.0'\n"
        "echo 'verifying module: checksum mismatch' >&2\n"
        "echo example.com/package; exit 1",
    )

    with pytest.raises(BlueprintError, match="go list: verifying module: checksum mismatch"):
        provision.ensure("atmos", host=machine.host)

    assert machine.kept() == []
    log = machine.host.cache / "logs" / "atmos-build.log"
    assert "verifying module: checksum mismatch\nexample.com/package\n" in log.read_text()


def test_without_go_and_without_a_network_every_source_and_the_remedy_are_named(
    machine: Machine,
) -> None:
    machine.on_path("go", "1.22.0")

    with pytest.raises(BlueprintError) as raised:
        provision.ensure("atmos", host=machine.host)

    message = raised.value.message
    assert message.startswith("atmos 1.190.0 cannot be provided:\n  PATH: needs exactly 1.190.0")
    assert "cache: nothing in" in message
    assert "official download: github.com: Network is unreachable" in message
    assert (
        "\n  build from Go modules: needs go: go 1.26.6 cannot be provided:\n    PATH: " in message
    )
    assert "usr-bin/go is 1.22.0" in message
    assert "ERROR: no index answers" in message
    assert raised.value.remedy == (
        "Put atmos (exactly 1.190.0) on PATH, or go (>= 1.25.0, < 2.0.0), which builds it, "
        "or run again where github.com can be reached."
    )


def test_terraform_without_a_network_says_what_to_do(machine: Machine) -> None:
    with pytest.raises(BlueprintError) as raised:
        provision.ensure("terraform", host=machine.host)

    assert "releases.hashicorp.com: Network is unreachable" in raised.value.message
    assert raised.value.remedy == (
        "Put terraform (>= 1.11.0, < 2.0.0) on PATH, "
        "or run again where releases.hashicorp.com can be reached."
    )


def test_a_cache_that_cannot_be_written_is_an_error_with_its_place(machine: Machine) -> None:
    machine.host.cache.write_text("not a directory")

    with pytest.raises(BlueprintError, match=r"terraform 1\.11\.4 cannot be kept") as raised:
        provision.ensure("terraform", host=machine.host)

    assert str(machine.host.cache) in raised.value.remedy
    assert "XDG_CACHE_HOME" in raised.value.remedy


def test_a_second_process_waits_for_the_first_and_takes_what_it_made(machine: Machine) -> None:
    lock = machine.host.cache / "locks" / "atmos.lock"
    links: list[Path] = []
    second = threading.Thread(
        target=lambda: links.append(provision.ensure("atmos", host=machine.host))
    )

    with exclusive(lock, doing="providing atmos", progress=machine.host.progress):
        second.start()
        deadline = time.monotonic() + 10
        while "waiting for it" not in machine.said.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert links == []
        kept = machine.host.cache / "tools" / "atmos-1.190.0-linux-amd64" / "atmos"
        machine.script(kept, says("atmos", "1.190.0"))
    second.join(timeout=10)

    assert links == [machine.host.links / "atmos"]
    assert "another process is providing atmos; waiting for it" in machine.said.getvalue()
    assert machine.network.asked == []


def test_an_unknown_tool_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="unknown tool 'helm'"):
        provision.ensure("helm")


def carries_uv(machine: Machine) -> None:
    """Let pip install a package whose bin/uv answers."""
    machine.script(
        Path(machine.host.pip[0]),
        'while [ "$1" != --target ]; do shift; done\n'
        'mkdir -p "$2/bin"\n'
        f"printf '#!/bin/sh\\n{says('uv', '0.13.9').replace(chr(39), chr(34))}\\n' > \"$2/bin/uv\"\n"
        'chmod +x "$2/bin/uv"',
    )


def builds_atmos(machine: Machine, *, also: str = "") -> None:
    """Put a Go on PATH that needs no modules and whose build writes an atmos that answers."""
    answer = machine.host.root.parent / "answer"
    answer.write_text(machine.source("atmos", says("atmos", "1.190.0")))
    machine.script(
        machine.host.search_path[1] / "go",
        f"{also}\n"
        f'case "$1" in\n'
        f"version) {says('go', '1.26.6')};;\n"
        "list) printf 'one\\ntwo\\nthree\\n';;\n"
        'build) while [ "$1" != -o ]; do shift; done\n'
        f'  cp {answer} "$2" && chmod +x "$2"; printf \'one\\ntwo\\n\';;\n'
        "esac",
    )
