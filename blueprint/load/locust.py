"""Runs Locust, in an environment of its own, against one address."""

import os
import shutil
from pathlib import Path

from blueprint import paths, processes
from blueprint.errors import BlueprintError
from blueprint.load import results
from blueprint.load.profiles import Profile
from blueprint.load.results import Route
from blueprint.tools.environments import environment

LOCUSTFILE = paths.ROOT / "loadtests" / "locustfile.py"
# What a request in flight is given at the end before it is cut off.
_STOP_SECONDS = 30


def run(profile: Profile, *, url: str, token: str, reports: Path) -> list[Route]:
    """Drive the API at `url` as `profile` says and return what each route answered.

    `reports` is emptied and gets report.html, stats.json, stats_*.csv and locust.log. Failed requests are
    counted, not raised; BlueprintError where Locust itself fails.
    """
    program = environment("load") / "bin" / "locust"
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir(parents=True)
    log = reports / "locust.log"
    result = processes.run(
        [
            str(program),
            *("--locustfile", str(LOCUSTFILE)),
            *("--host", url),
            "--headless",
            "--only-summary",
            *("--users", str(profile.users)),
            *("--spawn-rate", str(profile.spawn_rate)),
            *("--run-time", f"{profile.seconds}s"),
            *("--stop-timeout", str(_STOP_SECONDS)),
            *("--html", str(reports / "report.html")),
            *("--csv", str(reports / "stats")),
            *("--json-file", str(reports / "stats")),
            # Failed requests are judged here, by the profile.
            *("--exit-code-on-error", "0"),
        ],
        cwd=reports,
        env=_environment(token),
        log=log,
    )
    if not result.ok:
        tail = "\n".join(result.output.splitlines()[-15:])
        raise BlueprintError(
            f"Locust ended with {result.returncode}:\n{tail}", remedy=f"full output: {log}"
        )
    return results.read(reports / "stats.json")


def _environment(token: str) -> dict[str, str]:
    """The caller's environment without what Locust must not see (credentials) or would obey (its own settings)."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "GITHUB_", "ACTIONS_", "LOCUST_"))
    }
    return {**kept, "LOAD_TOKEN": token}
