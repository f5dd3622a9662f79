"""Importing: needs no environment, makes no client, and keeps the authorizer free of boto3."""

import json
import subprocess
import sys
from pathlib import Path

from blueprint.paths import ROOT, SERVICES

_PROBE = """
import importlib, json, sys
sys.path.insert(0, sys.argv[1])
for refused in filter(None, sys.argv[2].split(",")):
    sys.modules[refused] = None
for module in sys.argv[3:]:
    importlib.import_module(module)
clients = sys.modules.get("services.core.clients")
made = [f for f in ("dynamodb", "sqs", "s3") if clients and getattr(clients, f).cache_info().misses]
print(json.dumps({"made": made, "tracing": "aws_xray_sdk.core" in sys.modules}))
"""


def modules_in(directory: Path) -> list[str]:
    return [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted(directory.rglob("*.py"))
        if path.name != "__init__.py"
    ]


def import_alone(modules: list[str], *, without: str = "", **environ: str) -> dict[str, object]:
    """Import them in a fresh interpreter with that environment and nothing else."""
    command = [sys.executable, "-c", _PROBE, str(ROOT), without, *modules]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result: dict[str, object] = json.loads(done.stdout)
    return result


def test_importing_everything_needs_no_environment_and_makes_no_client() -> None:
    assert import_alone(modules_in(SERVICES)) == {"made": [], "tracing": False}


def test_the_authorizer_works_without_any_aws_library() -> None:
    absent = "boto3,botocore,aws_xray_sdk"

    import_alone(modules_in(SERVICES / "authorizer"), without=absent)


def test_tracing_is_loaded_where_lambda_offers_a_daemon() -> None:
    environ = {"AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000", "LAMBDA_TASK_ROOT": str(ROOT)}

    assert import_alone(["services.scheduler.handler"], **environ)["tracing"] is True


def test_tracing_can_be_switched_off() -> None:
    environ = {
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        "LAMBDA_TASK_ROOT": str(ROOT),
        "POWERTOOLS_TRACE_DISABLED": "true",
    }

    assert import_alone(["services.scheduler.handler"], **environ)["tracing"] is False
