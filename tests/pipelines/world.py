"""The small project on its way through three accounts: what people do, what runs, and what reached which account."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import yaml
from botocore.exceptions import ClientError

from tests.pipelines import events
from tests.pipelines.accounts import ACCOUNTS
from tests.pipelines.act import Result, Run
from tests.pipelines.events import Event
from tests.pipelines.gateway import Admission
from tests.pipelines.repository import How
from tests.pipelines.simulator import Simulator

STAGES = tuple(ACCOUNTS)
PREFIX = "acme-useast1"
NOTICES = "stacks/catalog/notices.yaml"
ALL = "stacks/catalog/all.yaml"
HANDLER = "services/api/handler.py"
_ZEROS = "0" * 40


@dataclass(frozen=True)
class Content:
    """What tells one commit from another in an account; None is what is not there.

    notices   display name of the topic
    journal   days the log group is kept
    serving   package of the function's alias, as Lambda gives its SHA-256
    """

    notices: str | None = None
    journal: int | None = None
    serving: str | None = None


@dataclass(frozen=True)
class Deploy:
    """A change of what is in an account, made by a run; `fault` says why it should not have been made."""

    stage: str
    before: Content
    after: Content
    fault: str | None


@dataclass
class Scenario:
    """What a scenario has cost, and what it has deployed."""

    name: str
    seconds: float = 0.0
    runs: int = 0
    deploys: list[Deploy] = field(default_factory=list)

    @property
    def wrong(self) -> list[Deploy]:
        return [deploy for deploy in self.deploys if deploy.fault]


@dataclass
class Pull:
    """A pull request: its number on GitHub and its branch."""

    number: int
    branch: str
    title: str
    base: str


class World:
    """A simulator whose accounts are looked at before and after each run."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.github = simulator.github
        self.repository = simulator.repository
        self.accounts = simulator.accounts
        self.scenarios: list[Scenario] = []
        self._scenario = Scenario("setting up")
        self._branches = 0
        self._by_hand: dict[str, str] = {}

    @contextmanager
    def scenario(self, name: str) -> Iterator[Scenario]:
        """What happens in the block is counted under `name`; a deploy that should not have been ends it."""
        self._scenario = Scenario(name)
        self.scenarios.append(self._scenario)
        started = time.monotonic()
        try:
            yield self._scenario
        finally:
            self._scenario.seconds = self._scenario.seconds or (time.monotonic() - started)
            self.simulator.before_entering = None
        assert not self._scenario.wrong, self._scenario.wrong

    def settled(self, stage: str) -> None:
        """Hold that an account is what its pointer says: what a scenario starts from, and leaves behind."""
        pointer = self.pointer(stage)
        assert pointer is not None, f"{stage} was never deployed"
        found, wanted = self.content(stage).notices, self.name_at(pointer)
        assert found == wanted, f"{stage} has {found!r}, and its pointer {wanted!r}"
        if stage == "dev":
            self.repository.git("fetch", "--quiet", "origin")
            main = self.repository.sha("origin/main")
            assert pointer == main, f"dev is at {pointer}, and main at {main}"

    # What people do

    def open(
        self,
        title: str,
        files: Mapping[str, str | None],
        *,
        fork: bool = False,
        labels: tuple[str, ...] = (),
    ) -> Pull:
        """Open a pull request that changes `files`, from a branch of the repository or of a fork."""
        self._branches += 1
        branch = f"change-{self._branches}"
        self.repository.branch(branch)
        base = self.repository.sha("origin/main")
        head = self.repository.commit(title, files)
        if not fork:
            self.repository.push(branch)
        number = self.github.open_pull(
            head_sha=head,
            base_sha=base,
            title=title,
            labels=labels,
            head_repository="mallory/orders" if fork else "",
            author={"login": "mallory" if fork else "alice", "type": "User"},
        )
        pull = Pull(number, branch, title, base)
        self._pull(pull)["head"]["ref"] = branch
        self._try_merge(pull)
        return pull

    def push(self, pull: Pull, files: Mapping[str, str | None], *, force: bool = False) -> None:
        """Push a further commit to a pull request; with `force` in place of what it had."""
        self.repository.git("checkout", "--quiet", pull.branch)
        if force:
            self.repository.git("reset", "--quiet", "--hard", "origin/main")
        self.repository.commit(pull.title, files)
        self.repository.push(pull.branch, force=force)
        self._pull(pull)["head"]["sha"] = self.repository.sha(pull.branch)
        self._try_merge(pull)

    def merge(self, pull: Pull, how: How = "squash") -> str:
        """Merge a pull request; main's new commit. What that starts is run with `deploy_main`."""
        sha = self.repository.merge(pull.branch, how, title=pull.title, number=pull.number)
        self.github.close_pull(pull.number, merged=True)
        return sha

    def close(self, pull: Pull) -> None:
        """Close a pull request without merging it."""
        self.github.close_pull(pull.number)

    def tag(self, name: str, *, at: str, annotated: bool = True) -> None:
        """Push the tag `name`; what that starts is run with `deploy_tag`."""
        self.repository.tag(name, at=at, annotated=annotated)

    # What then runs

    def review(self, pull: Pull, *, action: str = "opened") -> Result:
        """Run the checks of a pull request."""
        return self.run("pr.yml", self.pull_event(pull, action=action))

    def pull_event(self, pull: Pull, *, action: str, label: str | None = None) -> Event:
        """The event of something that happened to a pull request."""
        shown = self.github.pull(pull.number)
        merge = self.repository.git(
            "ls-remote", "origin", f"refs/pull/{pull.number}/merge"
        ).split()[0]
        return events.pull_request(shown, action=action, merge=merge, label=label)

    def deploy_main(self, sha: str, **options: Any) -> Result:
        """Run what the push of `sha` to main starts."""
        return self.run("deploy.yml", self.main_event(sha), **options)

    def deploy_tag(self, name: str, **options: Any) -> Result:
        """Run what the push of tag `name` starts."""
        return self.run("deploy.yml", self.tag_event(name), **options)

    def main_event(self, sha: str) -> Event:
        return events.push("refs/heads/main", before=self.repository.sha(f"{sha}^"), after=sha)

    def tag_event(self, name: str) -> Event:
        return events.push(f"refs/tags/{name}", before=_ZEROS, after=self.repository.sha(name))

    def dispatch(
        self, file: str, inputs: Mapping[str, str], *, ref: str = "refs/heads/main"
    ) -> Result:
        """Start a workflow by hand on branch or tag `ref`."""
        self.repository.git("fetch", "--quiet", "--tags", "origin")
        short = ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
        sha = self.repository.sha(f"origin/{short}" if ref.startswith("refs/heads/") else short)
        return self.run(file, events.dispatch(ref, sha, inputs))

    def clock(self, file: str) -> Result:
        """Let the clock start a workflow."""
        self.repository.git("fetch", "--quiet", "origin")
        return self.run(
            file, events.schedule(self.repository.sha("origin/main"), cron="17 5 * * 1-5")
        )

    def run(self, file: str, event: Event, **options: Any) -> Result:
        """Run a workflow, and judge every change it made to an account."""
        with self.judging(event):
            return self.simulator.run(file, event, **options)

    def bring(self, title: str, files: Mapping[str, str | None]) -> str:
        """Bring a change to dev the plain way; main's new commit."""
        pull = self.open(title, files)
        reviewed = self.review(pull)
        assert reviewed.ok, reviewed.explain()
        sha = self.merge(pull)
        deployed = self.deploy_main(sha)
        assert deployed.ok, deployed.explain()
        return sha

    def has(self, component: str) -> bool:
        """Whether main has `component` in every stack."""
        self.repository.git("fetch", "--quiet", "origin")
        return f"catalog/{component}\n" in self.repository.read(ALL, at="origin/main")

    def with_components(self, *names: str) -> dict[str, str | None]:
        """Main with `names` in every stack and no other component, as files to commit."""
        imports = "".join(f"  - catalog/{name}\n" for name in names)
        text = self.repository.read(ALL, at="origin/main")
        return {ALL: re.sub(r"import:\n(  - .*\n)+", f"import:\n{imports}", text)}

    def start(self, file: str, event: Event) -> Run:
        """Start a workflow and go on; `finish` has its result, and `judging` judges what it does."""
        return self.simulator.start(file, event)

    def finish(self, started: Run) -> Result:
        """The result of a run that was started."""
        return self.simulator.finish(started)

    @contextmanager
    def judging(self, *causes: Event) -> Iterator[None]:
        """Judge every change that an account undergoes in the block, in which `causes` are run."""
        before = self.contents()
        assumed = len(self.simulator.identities.assumed)
        yield
        self._scenario.runs += len(causes)
        after = self.contents()
        roles = self.simulator.identities.assumed[assumed:]
        for stage in STAGES:
            by_hand = replace(before[stage], notices=self._by_hand.pop(stage, None))
            if after[stage] not in (before[stage], by_hand):
                entered = any(
                    each.account == ACCOUNTS[stage] and each.role == f"{PREFIX}-{stage}-apply"
                    for each in roles
                )
                fault = self._fault(stage, before[stage], after[stage], causes, entered=entered)
                self._scenario.deploys.append(Deploy(stage, before[stage], after[stage], fault))

    def before_applying(self, action: Callable[[Admission], None]) -> None:
        """Do something when a job is about to enter an environment: between its plan and its apply."""
        self.simulator.before_entering = action

    # What is where

    def contents(self) -> dict[str, Content]:
        """What is in each account."""
        return {stage: self.content(stage) for stage in STAGES}

    def content(self, stage: str) -> Content:
        """What is in the account of `stage`."""
        return Content(self._notices(stage), self._journal(stage), self._serving(stage))

    def _notices(self, stage: str) -> str | None:
        try:
            found = self.accounts.client("sns", stage).get_topic_attributes(TopicArn=_topic(stage))
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NotFound", "NotFoundException"):
                return None
            raise
        return str(found["Attributes"]["DisplayName"])

    def rename_by_hand(self, stage: str, name: str) -> None:
        """Somebody with the right to changes the topic's display name past the pipeline."""
        self.accounts.client("sns", stage).set_topic_attributes(
            TopicArn=_topic(stage),
            AttributeName="DisplayName",
            AttributeValue=name,
        )
        self._by_hand[stage] = name

    def _journal(self, stage: str) -> int | None:
        name = journal_name(stage)
        found = self.accounts.client("logs", stage).describe_log_groups(logGroupNamePrefix=name)
        return next((int(each.get("retentionInDays", 0)) for each in found["logGroups"]), None)

    def _serving(self, stage: str) -> str | None:
        client = self.accounts.client("lambda", stage)
        try:
            found = client.get_function_configuration(
                FunctionName=f"{PREFIX}-{stage}-api", Qualifier="live"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return None
            raise
        return str(found["CodeSha256"])

    def pointer(self, stage: str) -> str | None:
        """The commit GitHub knows as deployed."""
        return self.github.ref(f"heads/deployed/{stage}")

    def name_at(self, commit: str) -> str | None:
        """The topic's display name as a commit has it; None where the commit has no topic."""
        listed = self.repository.git("ls-tree", "--name-only", commit, "--", NOTICES)
        if not listed:
            return None
        document = yaml.safe_load(self.repository.read(NOTICES, at=commit))
        return str(document["components"]["terraform"]["notices"]["vars"]["display_name"])

    # Judgement

    def _fault(
        self,
        stage: str,
        before: Content,
        after: Content,
        causes: tuple[Event, ...],
        *,
        entered: bool,
    ) -> str | None:
        """Why this change should not have been made: wrong role, wrong ref, or content that is no commit's."""
        if not entered:
            return "nobody assumed the apply role"
        entitled = [event for event in causes if _reaches(event.ref, stage)]
        if not entitled:
            return f"{[event.ref for event in causes]} does not reach {stage}"
        commits = {event.sha for event in entitled} | {self._target(event) for event in entitled}
        names = {self.name_at(commit) for commit in commits if commit}
        if after.notices not in {before.notices, *names}:
            return f"the topic is called {after.notices!r}, which is of none of {commits}"
        return None

    def _target(self, event: Event) -> str | None:
        """The commit a person asked for by hand."""
        wanted = event.payload.get("inputs", {}).get("to")
        return self.repository.sha(wanted) if wanted else None

    def _pull(self, pull: Pull) -> dict[str, Any]:
        found: dict[str, Any] = next(
            entry for entry in self.github.state.pulls if entry["number"] == pull.number
        )
        return found

    def _try_merge(self, pull: Pull) -> None:
        self.repository.git("fetch", "--quiet", "origin")
        self.repository.trial_merge(
            pull.number,
            head=self._pull(pull)["head"]["sha"],
            base=self.repository.sha("origin/main"),
        )


def _topic(stage: str) -> str:
    return f"arn:aws:sns:us-east-1:{ACCOUNTS[stage]}:{PREFIX}-{stage}-notices"


def journal_name(stage: str) -> str:
    """Name of the journal's log group."""
    return f"/aws/lambda/{PREFIX}-{stage}-journal"


def bucket(stage: str, kind: str) -> str:
    """Name of a bucket of the bootstrap: `kind` is tfstate or plans."""
    return f"{PREFIX}-{stage}-{kind}-{ACCOUNTS[stage]}"


def _reaches(ref: str, stage: str) -> bool:
    """Which ref may change which account; said here once more, so that the shipped rules are not their own judge."""
    expression = {
        "dev": r"refs/heads/main",
        "staging": r"refs/tags/v\d+\.\d+\.\d+-rc\.\d+",
        "prod": r"refs/tags/v\d+\.\d+\.\d+",
    }[stage]
    return re.fullmatch(expression, ref) is not None


def notices(name: str) -> dict[str, str | None]:
    """A change of the topic's display name, as files to commit."""
    vars_ = {"display_name": name}
    return {NOTICES: yaml.safe_dump({"components": {"terraform": {"notices": {"vars": vars_}}}})}


def handler(revision: str, text: str) -> dict[str, str | None]:
    """A change of the function's code `text` to another revision, as files to commit."""
    changed = re.sub(r'REVISION = ".*"', f'REVISION = "{revision}"', text)
    assert changed != text, "the handler has that revision already"
    return {HANDLER: changed}
