"""Runs a workflow with act, on this machine and without containers, and reads what became of each job."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.pipelines.processes import descendants, holding, kill, running
from tests.pipelines.workflow_files import Job

# As GitHub's runner ends a step of a cancelled run: an interruption, a request to end, the end.
INTERRUPTED_SECONDS = 7.5
TERMINATED_SECONDS = 2.5
# In the environment of everything a run starts; the runner finds what outlives a job by it, too.
TRACKING = "RUNNER_TRACKING_ID"

RESULTS = ("success", "failure", "cancelled", "skipped")


@dataclass
class JobResult:
    """What became of one job: its result, what it printed, its steps' results by their names, its summary."""

    path: str
    result: str = "skipped"
    lines: list[str] = field(default_factory=list)
    steps: dict[str, str] = field(default_factory=dict)
    summary: str = ""

    @property
    def log(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Result:
    """A finished run: its jobs by path (`apply/plan` is job plan of the workflow that job apply calls)."""

    number: int
    jobs: Mapping[str, JobResult]
    seconds: float
    cancelled: bool
    transcript: str

    def __getitem__(self, path: str) -> JobResult:
        return self.jobs[path]

    @property
    def results(self) -> dict[str, str]:
        """Result by path of every job that was not skipped."""
        return {path: job.result for path, job in self.jobs.items() if job.result != "skipped"}

    @property
    def ok(self) -> bool:
        return not self.cancelled and all(
            job.result in ("success", "skipped") for job in self.jobs.values()
        )

    def explain(self) -> str:
        """The results and the end of what each failed job said."""
        parts = [str(self.results)]
        for job in self.jobs.values():
            if job.result in ("failure", "cancelled"):
                parts += [f"--- {job.path}: {job.result}", *job.lines[-40:]]
        return "\n".join(parts)


class Run:
    """One run of a workflow, from its start to its result."""

    def __init__(
        self,
        number: int,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        jobs: Mapping[str, Job],
        log: Path,
    ) -> None:
        """Start run `number` with `command`; `log` receives act's JSON."""
        self.number = number
        self._tracking = env[TRACKING]
        self._jobs = jobs
        self._started = time.monotonic()
        self._results = {path: JobResult(path) for path, job in jobs.items()}
        self._watchers: list[Callable[[str, str], None]] = []
        self._cancelled = False
        self._begun: set[str] = set()
        self._cut_off: set[str] = set()
        self._transcript: list[str] = []
        self._log = log
        self._process = subprocess.Popen(
            list(command),
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def when(self, watcher: Callable[[str, str], None]) -> None:
        """Call `watcher` with (job path, line) for every line a job prints from now on."""
        self._watchers.append(watcher)

    def cancel_when(self, text: str, *, job: str) -> None:
        """Cancel the run as soon as `job` prints a line that holds `text`."""

        def look(path: str, line: str) -> None:
            if path == job and text in line:
                threading.Thread(target=self.cancel, daemon=True).start()

        self.when(look)

    def cancel(self) -> None:
        """Cancel the run as a person does on GitHub: what runs is interrupted, then ended, then killed."""
        if self._process.poll() is not None or self._cancelled:
            return
        self._cancelled = True
        self._cut_off = {path for path in self._begun if not self._ended(path)}
        steps = descendants(self._process.pid, generations=1)
        # act would kill them at once. Stopped, it learns of its own cancellation when all of them are gone.
        os.kill(self._process.pid, signal.SIGSTOP)
        try:
            for number, seconds in (
                (signal.SIGINT, INTERRUPTED_SECONDS),
                (signal.SIGTERM, TERMINATED_SECONDS),
            ):
                for pid in running(steps):
                    os.kill(pid, number)
                deadline = time.monotonic() + seconds
                while running(steps) and time.monotonic() < deadline:
                    time.sleep(0.1)
            self._kill_left_over()
        finally:
            os.kill(self._process.pid, signal.SIGINT)
            os.kill(self._process.pid, signal.SIGCONT)

    def wait(self, *, seconds: float = 900) -> Result:
        """The result, once every job has ended; kills a run that takes longer than `seconds`."""
        try:
            self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._transcript.append(f"killed after {seconds} s")
        finally:
            self._kill_left_over()
        self._reader.join(timeout=30)
        self._settle()
        return Result(
            number=self.number,
            jobs=self._results,
            seconds=time.monotonic() - self._started,
            cancelled=self._cancelled,
            transcript="\n".join(self._transcript),
        )

    def _kill_left_over(self) -> None:
        """End what the steps left behind, as the runner does after each job."""
        kill(pid for pid in holding(TRACKING, self._tracking) if pid != self._process.pid)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output, self._log.open("w", encoding="utf-8") as log:
            for line in output:
                log.write(line)
                try:
                    entry = json.loads(line)
                except ValueError:
                    self._transcript.append(line.rstrip())
                    continue
                self._take(entry)

    def _take(self, entry: dict[str, Any]) -> None:
        path = self._path(entry)
        if path is None:
            if entry.get("level") in ("error", "fatal"):
                self._transcript.append(str(entry.get("msg")))
            return
        self._begun.add(path)
        job = self._results[path]
        message = str(entry.get("msg", "")).rstrip()
        if entry.get("raw_output"):
            job.lines.append(message)
            for watcher in list(self._watchers):
                watcher(path, message)
        elif entry.get("command") == "summary":
            job.summary += str(entry["content"])
        elif entry.get("level") == "error":
            job.lines.append(f"error: {message}")
        if (
            "stepResult" in entry
            and entry.get("stage") == "Main"
            and len(entry.get("stepID", ())) == 1
        ):
            job.steps[str(entry["step"])] = str(entry["stepResult"])
        if "jobResult" in entry:
            result = str(entry["jobResult"])
            # Of a matrix every leg reports; one that failed decides.
            job.result = "failure" if "failure" in (job.result, result) else result

    def _path(self, entry: dict[str, Any]) -> str | None:
        """The job an entry is about: act names it `workflow/job`, a called one with the calling job's ID in front."""
        if "jobID" not in entry:
            return None
        parts = str(entry["job"]).rstrip().split("/")
        calling = {job.id for job in self._jobs.values() if job.calls}
        caller = f"{parts[0]}/" if len(parts) == 3 and parts[0] in calling else ""
        path = f"{caller}{entry['jobID']}"
        return path if path in self._results else None

    def _settle(self) -> None:
        """Give the jobs GitHub's results: act knows none for a cancelled job, nor the worst of a called workflow's."""
        for path in self._begun if self._cancelled else ():
            job_result = self._results[path]
            if path in self._cut_off:
                job_result.result = "cancelled"
            elif not job_result.steps:
                job_result.result = "skipped"  # it was begun with every step of it left out
        for path, job in reversed(list(self._jobs.items())):  # what is called, before who calls
            if job.calls is None:
                continue
            called = {
                result.result
                for name, result in self._results.items()
                if name.startswith(f"{job.id}/")
            }
            self._results[path].result = next(
                (worst for worst in ("failure", "cancelled", "success") if worst in called),
                "skipped",
            )

    def _ended(self, path: str) -> bool:
        return self._results[path].result != "skipped"
