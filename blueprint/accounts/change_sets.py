"""Changes a CloudFormation stack by change sets: what would change is known before anything does."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from botocore.exceptions import ClientError

from blueprint.accounts import remedies
from blueprint.errors import BlueprintError

Kind = Literal["CREATE", "UPDATE", "IMPORT"]

# What can be updated; a stack in any other state needs a person first.
_UPDATABLE = (
    "CREATE_COMPLETE",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
)
_DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")
_UNCHANGED = ("didn't contain changes", "No updates are to be performed")
_PERIOD_SECONDS = 2.0
_TIMEOUT_SECONDS = 1800.0


@dataclass(frozen=True)
class Change:
    """One resource a change set touches: `action` is add, modify, remove, import or dynamic."""

    action: str
    logical_id: str
    type: str
    replacement: bool


class CloudFormationStack:
    """The CloudFormation stack `name`; `report` is told of every resource that is finished."""

    def __init__(
        self,
        name: str,
        *,
        region: str,
        cloudformation: Any,
        report: Callable[[str], None],
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self._region = region
        self._cloudformation = cloudformation
        self._report = report
        self._pause = pause
        self._clock = clock

    def describe(self) -> dict[str, Any] | None:
        """What CloudFormation says of the stack; None when there is none."""
        try:
            stacks = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        except ClientError as error:
            if "does not exist" in error.response["Error"]["Message"]:
                return None
            raise
        found: dict[str, Any] = stacks[0]
        return found

    def kind(self) -> Kind:
        """What brings the stack to a template: CREATE or UPDATE. BlueprintError where it first needs a person."""
        described = self.describe()
        if described is None or described["StackStatus"] == "REVIEW_IN_PROGRESS":
            return "CREATE"
        status = described["StackStatus"]
        if status in _UPDATABLE:
            return "UPDATE"
        raise BlueprintError(
            f"CloudFormation stack {self.name} is {status}",
            remedy=remedies.for_status(status, name=self.name, region=self._region),
        )

    def propose(
        self,
        kind: Kind,
        template: str,
        parameters: Mapping[str, str],
        *,
        imports: Sequence[Mapping[str, Any]] = (),
    ) -> tuple[str, list[Change]] | None:
        """A change set and what it would change; None when the stack is already so."""
        given: dict[str, Any] = {"ResourcesToImport": list(imports)} if imports else {}
        created = self._cloudformation.create_change_set(
            StackName=self.name,
            ChangeSetName=f"blueprint-{time.time_ns()}",
            ChangeSetType=kind,
            TemplateBody=template,
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()
            ],
            **given,
        )["Id"]
        described = self._await_change_set(created)
        if described["Status"] == "FAILED":
            reason = described.get("StatusReason", "no reason given")
            self.discard(created)
            if any(text in reason for text in _UNCHANGED):
                return None
            raise BlueprintError(
                f"CloudFormation refuses the change of {self.name}: {reason}",
                remedy=remedies.for_reason(reason)
                or "correct what the message names, then run it again",
            )
        return created, list(self._changes(created))

    def execute(self, change_set: str) -> None:
        """Carry `change_set` out and wait for its end; BlueprintError with every resource that failed."""
        before = {event["EventId"] for event in self._events()}
        self._cloudformation.execute_change_set(ChangeSetName=change_set, StackName=self.name)
        status = self._await_stack(before)
        if status in _DONE:
            return
        failures = [
            f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}"
            for event in reversed(self._events())
            if event["EventId"] not in before and event["ResourceStatus"].endswith("_FAILED")
        ]
        text = "\n".join([f"CloudFormation stack {self.name} ended as {status}", *failures])
        raise BlueprintError(
            text,
            remedy=remedies.for_reason(text)
            or remedies.for_status(status, name=self.name, region=self._region),
        )

    def discard(self, change_set: str) -> None:
        """Forget `change_set`, and the stack too where it was only made to hold the change set."""
        self._cloudformation.delete_change_set(ChangeSetName=change_set, StackName=self.name)
        described = self.describe()
        if described and described["StackStatus"] == "REVIEW_IN_PROGRESS":
            self._cloudformation.delete_stack(StackName=self.name)

    def protect(self) -> None:
        """Have CloudFormation refuse to delete the stack until a person lifts this."""
        self._cloudformation.update_termination_protection(
            StackName=self.name, EnableTerminationProtection=True
        )

    def outputs(self) -> dict[str, str]:
        """The stack's outputs by name."""
        described = self.describe() or {}
        return {item["OutputKey"]: item["OutputValue"] for item in described.get("Outputs", [])}

    def parameter(self, name: str) -> str | None:
        """The value the stack was last deployed with; None when there is no stack, or no such parameter."""
        described = self.describe() or {}
        for item in described.get("Parameters", []):
            if item["ParameterKey"] == name:
                return str(item["ParameterValue"])
        return None

    def _changes(self, change_set: str) -> Iterator[Change]:
        token: dict[str, str] = {}
        while True:
            page = self._cloudformation.describe_change_set(
                ChangeSetName=change_set, StackName=self.name, **token
            )
            for item in page.get("Changes", []):
                change = item["ResourceChange"]
                yield Change(
                    action=change["Action"].lower(),
                    logical_id=change["LogicalResourceId"],
                    type=change["ResourceType"],
                    replacement=change.get("Replacement") == "True",
                )
            if "NextToken" not in page:
                return
            token = {"NextToken": page["NextToken"]}

    def _await_change_set(self, change_set: str) -> dict[str, Any]:
        for _ in self._periods(f"change set of {self.name}"):
            described: dict[str, Any] = self._cloudformation.describe_change_set(
                ChangeSetName=change_set, StackName=self.name
            )
            if not described["Status"].endswith(("_PENDING", "_IN_PROGRESS")):
                return described
        raise AssertionError("periods end with an error")

    def _await_stack(self, before: set[str]) -> str:
        seen = set(before)
        for _ in self._periods(f"CloudFormation stack {self.name}"):
            # Read before the status: the last events are there when the stack is done.
            described = self.describe()
            for event in reversed(self._events()):
                if event["EventId"] not in seen:
                    seen.add(event["EventId"])
                    self._tell(event)
            status = described["StackStatus"] if described else "DELETE_COMPLETE"
            if not status.endswith("_IN_PROGRESS"):
                return str(status)
        raise AssertionError("periods end with an error")

    def _tell(self, event: Mapping[str, Any]) -> None:
        status = event["ResourceStatus"]
        if event["LogicalResourceId"] != self.name and not status.endswith("_IN_PROGRESS"):
            self._report(f"{event['LogicalResourceId']}: {status.lower().replace('_', ' ')}")

    def _events(self) -> list[dict[str, Any]]:
        """The latest events, newest first."""
        try:
            found: list[dict[str, Any]] = self._cloudformation.describe_stack_events(
                StackName=self.name
            )["StackEvents"]
        except ClientError as error:
            if "does not exist" in error.response["Error"]["Message"]:
                return []
            raise
        return found

    def _periods(self, what: str) -> Iterator[None]:
        deadline = self._clock() + _TIMEOUT_SECONDS
        while self._clock() < deadline:
            yield
            self._pause(_PERIOD_SECONDS)
        raise BlueprintError(
            f"{what} is not done after {_TIMEOUT_SECONDS / 60:.0f} minutes",
            remedy="look at its events in the console; run the command again when it is done",
        )
