"""How Terraform is run: which CLI configuration it reads, and what it must not do by itself."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from blueprint.tools import aws_provider
from blueprint.tools.host import Host, this_host
from blueprint.tools.provision import ensure

_CONFIGURATION = """\
# Written by blueprint/tools/terraform.py: the AWS provider comes from this machine, everything else from its registry.
provider_installation {{
  filesystem_mirror {{
    path    = {path}
    include = [{address}]
  }}
  direct {{
    exclude = [{address}]
  }}
}}
"""


def terraform_environment(
    *,
    host: Host | None = None,
    environment: Mapping[str, str] | None = None,
    home: Path | None = None,
) -> dict[str, str]:
    """The variables to add for every run of Terraform, directly or through Atmos.

    Fetches the AWS provider where this machine has none, and raises BlueprintError where it cannot be had.
    `environment` and `home` are the user's (default: this process's).
    """
    host = host or this_host()
    variables = {
        "CHECKPOINT_DISABLE": "1",
        "TF_IN_AUTOMATION": "1",
        # Versions and hashes change in a commit, never as a side effect of an init.
        "TF_CLI_ARGS_init": "-lockfile=readonly",
    }
    own = user_configuration(
        os.environ if environment is None else environment, home=home or Path.home(), host=host
    )
    if own is not None:
        return variables | {"TF_CLI_CONFIG_FILE": str(own)}
    mirror = aws_provider.mirror(host) or aws_provider.ensure(
        host, terraform=ensure("terraform", host=host)
    )
    return variables | {
        "TF_CLI_CONFIG_FILE": str(_write(mirror, _file(host))),
        # A cache shared by inits that run side by side gets damaged, and the mirror makes it needless.
        "TF_PLUGIN_CACHE_DIR": "",
    }


def user_configuration(environment: Mapping[str, str], *, home: Path, host: Host) -> Path | None:
    """The user's own CLI configuration where it decides where providers come from, else None.

    That is the file TF_CLI_CONFIG_FILE names, where it exists, and a ~/.terraformrc with a provider_installation block.
    """
    named = environment.get("TF_CLI_CONFIG_FILE", "")
    if named and Path(named).is_file():
        return None if Path(named).resolve() == _file(host).resolve() else Path(named).absolute()
    general = home / ".terraformrc"
    if general.is_file() and "provider_installation" in general.read_text(errors="replace"):
        return general
    return None


def _file(host: Host) -> Path:
    return host.tools / "terraform.rc"


def _write(mirror: Path, file: Path) -> Path:
    text = _CONFIGURATION.format(path=_quoted(str(mirror)), address=_quoted(aws_provider.ADDRESS))
    if not file.is_file() or file.read_text() != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{os.getpid()}")
        part.write_text(text)
        part.replace(file)
    return file


def _quoted(text: str) -> str:
    """`text` as an HCL string: JSON's, but for the two marks that open a template."""
    return json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
