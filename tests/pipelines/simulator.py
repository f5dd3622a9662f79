"""The simulator: a repository, GitHub around it, three AWS accounts, and runs of the shipped workflows."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from blueprint import paths
from blueprint.tools.environments import environment as python_environment
from tests.fakes_github import FakeGithub
from tests.pipelines import act, events, simulated, triggers, workflow_files
from tests.pipelines.accounts import Accounts
from tests.pipelines.events import REPOSITORY, Event
from tests.pipelines.gateway import Admission, Gateway
from tests.pipelines.identity import Identities
from tests.pipelines.processes import inside, kill
from tests.pipelines.repository import Repository

ACTIONS = Path(__file__).with_name("actions")
# Where jobs work: kept, so that the next simulation finds its jobs' tools made and compiled.
PLACES = paths.TOOLS / "places"
# The stand-in for each third-party action; a workflow that uses another one cannot be simulated.
STAND_INS = {
    "actions/checkout": "checkout",
    "actions/setup-python": "setup-python",
    "actions/cache": "cache",
    "actions/upload-artifact": "upload-artifact",
    "actions/download-artifact": "download-artifact",
    "aws-actions/configure-aws-credentials": "configure-aws-credentials",
}
_PLATFORMS = ("ubuntu-latest", "ubuntu-24.04")
# All a job inherits from this machine. Everything else it has stands in its workflow or below.
_INHERITED = ("PATH", "LANG", "LD_LIBRARY_PATH", "TF_CLI_CONFIG_FILE")

Line = Callable[[str, str], None]


class NotStartedError(Exception):
    """GitHub does not run this workflow for this event."""


@dataclass
class Simulator:
    """Everything one simulated repository needs; runs leave their files in `directory`."""

    directory: Path
    repository: Repository
    accounts: Accounts
    github: FakeGithub
    variables: dict[str, str] = field(default_factory=dict)
    before_entering: Callable[[Admission], None] | None = None
    admitted: list[Admission] = field(default_factory=list)
    results: list[act.Result] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.identities = Identities(self.accounts)
        self.gateway = Gateway(self.identities, self.github, self._admit)
        self._lock = threading.Lock()
        self._runs = 0

    def close(self) -> None:
        self.gateway.close()

    def starts(self, file: str, event: Event) -> bool:
        """Whether `event` starts workflow `file` as it is in the event's own commit."""
        source = self._source(event)
        return triggers.starts(workflow_files.read(source / workflow_files.FOLDER / file), event)

    def run(
        self, file: str, event: Event, *, watch: Line | None = None, seconds: float = 900
    ) -> act.Result:
        """Run workflow `file` for `event` to its end."""
        started = self.start(file, event)
        if watch:
            started.when(watch)
        return self.finish(started, seconds=seconds)

    def finish(self, started: act.Run, *, seconds: float = 900) -> act.Result:
        """The result of a run; the simulator's own failures end the test, whatever became of the jobs."""
        result = started.wait(seconds=seconds)
        self._turn_off(started.number)
        self.results.append(result)
        assert not self.gateway.failures, "\n".join(self.gateway.failures)
        return result

    def start(self, file: str, event: Event) -> act.Run:
        """Start a run of workflow `file`, if `event` does that; NotStartedError if it does not."""
        source = self._source(event)
        document = workflow_files.read(source / workflow_files.FOLDER / file)
        if not triggers.starts(document, event):
            raise NotStartedError(f"{event.name} of {event.ref} does not start {file}")
        with self._lock:
            self._runs += 1
            number = self._runs
        place = self.directory / "runs" / f"{number}"
        place.mkdir(parents=True)
        jobs = workflow_files.jobs(source, file, fork=event.fork)
        simulated.write(
            source,
            place / "files",
            file,
            jobs,
            lambda job: self.gateway.register(job, run=number, file=file, event=event),
        )
        payload = place / "event.json"
        payload.write_text(events.as_json(event))
        env = self._environment(place, number)
        return act.Run(
            number,
            self._command(file, event, number, source, place, payload),
            env=env,
            cwd=place / "files",
            jobs=jobs,
            log=place / "act.jsonl",
        )

    def laptop(self, *arguments: str, account: str) -> str:
        """Run `blueprint` in the person's clone, as the owner of `account`; what it printed."""
        env = self._environment(self.directory / "laptop", 0) | self.accounts.root(account)
        clone = self.repository.clone
        for command in (["make", "bootstrap"], [str(clone / ".venv/bin/blueprint"), *arguments]):
            done = subprocess.run(
                command, cwd=clone, env=env, capture_output=True, text=True, check=False
            )
            if done.returncode != 0:
                raise AssertionError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout

    def _turn_off(self, number: int) -> None:
        """End what the jobs of a run left running where they worked: their machines are no more."""
        for owner in PLACES.glob("*.owner"):
            if Path(owner.read_text()).is_relative_to(self.directory / "runs" / f"{number}"):
                kill(inside(owner.with_suffix("")))

    def _admit(self, admission: Admission) -> None:
        if self.before_entering is not None:
            self.before_entering(admission)
        self.admitted.append(admission)

    def _source(self, event: Event) -> Path:
        """The `.github` folder of the event's commit, where GitHub takes the workflow from."""
        source = self.directory / "sources" / event.sha
        if not source.exists():
            self.repository.git("fetch", "--quiet", "origin", event.sha)
            self.repository.export(event.sha, ".github", source)
        return source

    def _command(
        self, file: str, event: Event, number: int, source: Path, place: Path, payload: Path
    ) -> list[str]:
        command = [
            str(python_environment("workflows") / "bin" / "act"),
            event.name,
            "--json",
            "--rm",
            "--workflows", f"{workflow_files.FOLDER}/{file}",
            "--eventpath", str(payload),
            "--actor", event.actor,
            "--no-cache-server",
            "--action-offline-mode",
            "--no-skip-checkout",
            "--action-cache-path", str(place / "act"),
            "--env-file", os.devnull,
            "--secret-file", os.devnull,
            "--var-file", os.devnull,
            "--input-file", os.devnull,
            "--secret", "GITHUB_TOKEN=the-run-has-one-token",
        ]  # fmt: skip
        for platform in _PLATFORMS:
            command += ["--platform", f"{platform}=-self-hosted"]
        for name, value in self.variables.items():
            command += ["--var", f"{name}={value}"]
        variables = event.variables | {
            "GITHUB_RUN_ID": str(number),
            "GITHUB_RUN_NUMBER": str(number),
            "GITHUB_WORKFLOW_REF": f"{REPOSITORY}/.github/workflows/{file}@{event.ref}",
            "GITHUB_WORKFLOW_SHA": event.sha,
            act.TRACKING: self._tracking(number),
        }
        for name, value in variables.items():
            command += ["--env", f"{name}={value}"]
        for used in sorted(workflow_files.actions(source)):
            name, _, ref = used.partition("@")
            if name not in STAND_INS:
                raise AssertionError(f"tests/pipelines/actions has no stand-in for {name}")
            command += ["--local-repository", f"{name}@{ref}={ACTIONS / STAND_INS[name]}"]
        return command

    def _environment(self, place: Path, number: int) -> dict[str, str]:
        """What a job finds on its machine: a home of its own, programs, the kept tools, and where AWS is."""
        home, cache = place / "home", place / "cache"
        home.mkdir(parents=True, exist_ok=True)
        cache.mkdir(parents=True, exist_ok=True)
        kept = cache / paths.cache().name
        if not kept.is_symlink():
            kept.symlink_to(paths.cache())
        python = str(Path(sys.executable).resolve().parent)
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        return (
            inherited
            | self.accounts.endpoints
            | {
                "PATH": os.pathsep.join([python, os.environ["PATH"]]),
                "HOME": str(home),
                "XDG_CACHE_HOME": str(cache),
                "UV_CACHE_DIR": uv_cache(),
                "UV_OFFLINE": "1",
                "GIT_CONFIG_NOSYSTEM": "1",
                # act runs steps on a terminal, GitHub does not.
                "TERM": "dumb",
                "TTY_COMPATIBLE": "0",
                "NO_COLOR": "1",
                "GIT_PAGER": "cat",
                # Terraform's provider lives for seconds: it need not tidy up.
                "GOGC": "off",
                "GOMEMLIMIT": "1GiB",
                "SIMULATED_PLACES": str(PLACES),
                "SIMULATED_ORIGIN": self.repository.origin.as_uri(),
                "SIMULATED_ARTIFACTS": str(place / "artifacts"),
                "SIMULATED_PYTHON": python,
                act.TRACKING: self._tracking(number),
            }
        )

    def _tracking(self, number: int) -> str:
        return f"simulated-{os.getpid()}-{self.directory.name}-{number}"


def uv_cache() -> str:
    """Where uv keeps what it has installed before: the simulation has no network to fetch it again."""
    done = subprocess.run(
        [str(paths.TOOLS / "bin" / "uv"), "cache", "dir"],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()
