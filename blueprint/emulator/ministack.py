"""What is particular to MiniStack: its program, its settings, its health."""

import http.client
import subprocess
from collections.abc import Mapping
from pathlib import Path

from blueprint.emulator.environment import SECRET
from blueprint.emulator.home import Home
from blueprint.emulator.instance import ACCOUNT, HOST, REGION
from blueprint.errors import BlueprintError
from blueprint.paths import TOOLS

PROGRAM = TOOLS / "venvs" / "emulator" / "bin" / "ministack"
_HEALTH = "/_ministack/health"
_SERVE = Path(__file__).with_name("serve.py")
_LOST = ("ERROR [persistence]", "Failed to restore persisted state")
# All that is taken from the user's environment: what programs (node for Node.js functions) and
# shared libraries (some builds of Python) are found by.
_INHERITED = ("PATH", "LD_LIBRARY_PATH")


def command(home: Home, *, program: Path = PROGRAM) -> list[str]:
    """The command that serves, its functions running on an interpreter made for them.

    Raises BlueprintError if the server is not installed.
    """
    python = program.with_name("python")
    if not program.exists() or not python.exists():
        raise BlueprintError(
            f"The embedded AWS is not installed: {program} is missing.",
            remedy="Run `make up`, or `blueprint tools` to install the tools alone.",
        )
    # -P keeps this directory off the path of imports, where `ministack` would be this module.
    return [str(python), "-P", str(_SERVE), str(_runtime(home, python))]


def environment(
    home: Home, *, port: int, persist: bool, environ: Mapping[str, str]
) -> dict[str, str]:
    """The server's whole environment, which its functions inherit.

    Nothing of `environ` gets through but `PATH` and `LD_LIBRARY_PATH`: not the user's AWS
    settings, not a proxy, not PYTHONPATH.
    """
    settings = {
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "AUTH": "true",
        "LAMBDA_EXECUTOR": "local",
        # A socket that is not there: a Docker on the machine is neither used nor tidied up.
        "DOCKER_HOST": f"unix://{home.scratch / 'no-docker.sock'}",
        "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        # Functions call back here; MiniStack sets it for Python, not for custom runtimes.
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
        "AWS_EC2_METADATA_DISABLED": "true",
        # An empty home: a function must not find the user's ~/.aws.
        "HOME": str(home.scratch / "home"),
        "TMPDIR": str(home.scratch),
        # Named even when nothing is kept: the default is shared by every MiniStack of the machine.
        "STATE_DIR": str(home.scratch / "state"),
        "S3_DATA_DIR": str(home.scratch / "s3"),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
    }
    if persist:
        settings |= {
            "PERSIST_STATE": "1",
            "STATE_DIR": str(home.data / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(home.data / "s3"),
        }
    return {name: environ[name] for name in _INHERITED if name in environ} | settings


def answers(port: int, *, timeout_seconds: float = 2) -> bool:
    """Whether a MiniStack on `port` says it is ready."""
    connection = http.client.HTTPConnection(HOST, port, timeout=timeout_seconds)
    try:
        connection.request("GET", _HEALTH)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def lost_resources(log: Path) -> bool:
    """Whether the log tells of resources that could not be saved or restored.

    The server goes on after such an error, and ends as if nothing had happened.
    """
    try:
        with log.open(errors="replace") as lines:
            return any(mark in line for line in lines for mark in _LOST)
    except FileNotFoundError:
        return False


def _runtime(home: Home, python: Path) -> Path:
    """The functions' interpreter: the server's, in a virtual environment that holds no package.

    On the server's own, a function would find the server's packages (botocore among them), and a
    zip that lacks a dependency would work here and fail on AWS.
    """
    interpreter = home.runtime / "bin" / "python"
    if not interpreter.exists() or interpreter.resolve() != python.resolve():
        made = subprocess.run(
            [str(python), "-m", "venv", "--clear", "--without-pip", str(home.runtime)],
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise BlueprintError(
                f"The functions' interpreter in {home.runtime} cannot be made: "
                f"{(made.stderr or made.stdout).strip()}",
                remedy="Resolve that, then start again.",
            )
    return interpreter
