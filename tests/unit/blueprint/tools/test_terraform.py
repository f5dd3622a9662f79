"""Where the AWS provider is found, and which configuration Terraform is given."""

from pathlib import Path

import pytest

from blueprint.errors import BlueprintError
from blueprint.tools import aws_provider
from blueprint.tools.terraform import terraform_environment, user_configuration
from tests.unit.blueprint.tools.conftest import Machine, says

PROVIDER = Path("registry.terraform.io", "hashicorp", "aws")


def unpacked(place: Path, *, version: str | None = None, platform: str = "linux_amd64") -> Path:
    """A mirror below `place` that holds one provider, by default the one the components lock."""
    (place / PROVIDER / (version or aws_provider.locked_version()) / platform).mkdir(parents=True)
    return place


def test_a_mirror_is_found_where_the_locked_version_lies_for_this_platform(
    machine: Machine, tmp_path: Path
) -> None:
    places = [
        tmp_path / "missing",
        unpacked(tmp_path / "older", version="5.99.1"),
        unpacked(tmp_path / "foreign", platform="darwin_arm64"),
        unpacked(tmp_path / "right"),
        unpacked(tmp_path / "later"),
    ]

    assert aws_provider.mirror(machine.host, places=places) == tmp_path / "right"
    assert aws_provider.mirror(machine.host, places=places[:3]) is None


def test_terraform_s_own_directories_are_searched_on_linux(tmp_path: Path) -> None:
    assert aws_provider.implicit_mirrors({}, home=tmp_path, system="Linux") == [
        tmp_path / ".terraform.d/plugins",
        tmp_path / ".local/share/terraform/plugins",
        Path("/usr/local/share/terraform/plugins"),
        Path("/usr/share/terraform/plugins"),
    ]


def test_the_xdg_variables_move_terraform_s_directories(tmp_path: Path) -> None:
    env = {"XDG_DATA_HOME": "/data", "XDG_DATA_DIRS": "/first:/second"}

    assert aws_provider.implicit_mirrors(env, home=tmp_path, system="Linux")[1:] == [
        Path("/data/terraform/plugins"),
        Path("/first/terraform/plugins"),
        Path("/second/terraform/plugins"),
    ]


def test_terraform_s_own_directories_are_searched_on_macos(tmp_path: Path) -> None:
    assert aws_provider.implicit_mirrors({}, home=tmp_path, system="Darwin") == [
        tmp_path / ".terraform.d/plugins",
        tmp_path / "Library/Application Support/io.terraform/plugins",
        Path("/Library/Application Support/io.terraform/plugins"),
    ]


@pytest.fixture
def with_mirror(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A provider mirror in the user's data directory."""
    place = machine.host.root.parent / "data"
    monkeypatch.setenv("XDG_DATA_HOME", str(place))
    monkeypatch.setenv("HOME", str(machine.host.root.parent / "home"))
    return unpacked(place / "terraform" / "plugins")


def test_the_configuration_takes_the_provider_from_the_mirror_and_the_rest_from_registries(
    machine: Machine, with_mirror: Path
) -> None:
    variables = terraform_environment(host=machine.host, environment={}, home=machine.host.root)

    written = Path(variables["TF_CLI_CONFIG_FILE"])
    assert written == machine.host.tools / "terraform.rc"
    text = " ".join(written.read_text().split())
    assert f'filesystem_mirror {{ path = "{with_mirror}"' in text
    assert text.count('["registry.terraform.io/hashicorp/aws"]') == 2
    assert "direct { exclude =" in text


def test_terraform_neither_calls_home_nor_changes_locks(
    machine: Machine, with_mirror: Path
) -> None:
    assert with_mirror.exists()
    variables = terraform_environment(host=machine.host, environment={}, home=machine.host.root)

    del variables["TF_CLI_CONFIG_FILE"]
    assert variables == {
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        "TF_CLI_ARGS_init": "-lockfile=readonly",
        "TF_PLUGIN_CACHE_DIR": "",
    }


def test_a_configuration_that_does_not_exist_is_overruled(
    machine: Machine, with_mirror: Path
) -> None:
    assert with_mirror.exists()
    gone = {"TF_CLI_CONFIG_FILE": str(machine.host.root / "gone.rc")}

    variables = terraform_environment(host=machine.host, environment=gone, home=machine.host.root)

    assert variables["TF_CLI_CONFIG_FILE"] == str(machine.host.tools / "terraform.rc")


def test_the_user_s_own_configuration_is_respected(machine: Machine, tmp_path: Path) -> None:
    own = tmp_path / "own.rc"
    own.touch()

    variables = terraform_environment(
        host=machine.host, environment={"TF_CLI_CONFIG_FILE": str(own)}, home=machine.host.root
    )

    assert variables["TF_CLI_CONFIG_FILE"] == str(own)
    assert "TF_PLUGIN_CACHE_DIR" not in variables
    assert not (machine.host.tools / "terraform.rc").exists()


def test_our_own_configuration_inherited_is_not_the_user_s(machine: Machine) -> None:
    ours = machine.host.tools / "terraform.rc"
    ours.parent.mkdir(parents=True)
    ours.touch()
    environment = {"TF_CLI_CONFIG_FILE": str(ours)}

    assert user_configuration(environment, home=machine.host.root, host=machine.host) is None


@pytest.mark.parametrize(
    ("content", "respected"),
    [("provider_installation {\n}\n", True), ("disable_checkpoint = true\n", False)],
)
def test_the_user_s_general_configuration_counts_where_it_says_whence_providers_come(
    machine: Machine, tmp_path: Path, content: str, *, respected: bool
) -> None:
    general = tmp_path / ".terraformrc"
    general.write_text(content)

    own = user_configuration({}, home=tmp_path, host=machine.host)

    assert own == (general if respected else None)


def test_a_provider_that_is_nowhere_is_fetched_once_for_all_clones(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws_provider, "_ADD_ON_SOFTWARE", machine.host.root / "none")
    initialises(machine)
    terraform = machine.host.search_path[1] / "terraform"

    first = aws_provider.ensure(machine.host, terraform=terraform)
    second = aws_provider.ensure(machine.second_clone().host, terraform=terraform)

    wanted = PROVIDER / aws_provider.locked_version() / "linux_amd64" / "provider"
    assert first == second
    assert (first / wanted).read_text() == "binary\n"
    assert len(machine.called("terraform init")) == 1
    assert "-lockfile=readonly" in machine.called("terraform init")[0]
    assert [entry.name for entry in first.parent.iterdir() if entry.name.startswith(".")] == []


def test_a_provider_that_cannot_be_fetched_is_an_error_with_terraform_s_reason(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws_provider, "_ADD_ON_SOFTWARE", machine.host.root / "none")
    terraform = machine.script(
        machine.host.search_path[1] / "terraform",
        "printf '╷\\n│ Error: Failed to query available provider packages\\n│ \\n│ no such host\\n╵\\n'; exit 1",
    )

    with pytest.raises(
        BlueprintError, match="Failed to query available provider packages no such host"
    ) as raised:
        aws_provider.ensure(machine.host, terraform=terraform)

    assert "registry.terraform.io can be reached" in raised.value.remedy
    assert "linux_amd64" in raised.value.remedy
    assert not (machine.host.cache / "terraform-providers").exists()


def test_a_lock_file_without_the_provider_is_an_error(tmp_path: Path) -> None:
    lock = tmp_path / ".terraform.lock.hcl"
    lock.write_text('provider "registry.terraform.io/hashicorp/random" {\n  version = "3.7.2"\n}\n')

    with pytest.raises(BlueprintError, match=r"locks no registry\.terraform\.io/hashicorp/aws"):
        aws_provider.locked_version(lock)


def initialises(machine: Machine) -> None:
    """A terraform on PATH whose init installs the provider into its data directory."""
    wanted = PROVIDER / aws_provider.locked_version() / "linux_amd64"
    machine.script(
        machine.host.search_path[1] / "terraform",
        f'if [ "$1" = version ]; then {says("terraform", "1.11.4")}; exit; fi\n'
        f'place="$TF_DATA_DIR/providers/{wanted}"; mkdir -p "$place"; echo binary > "$place/provider"',
    )
