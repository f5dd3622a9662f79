"""A small shop in an account in memory: a table, a queue and the functions that use both."""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from blueprint.review import applying, planning
from blueprint.review.document import Document, Source
from blueprint.review.guard import Guard
from blueprint.review.results import Run
from blueprint.review.store import PlanStore
from blueprint.stacks.model import Component, Stack
from tests.gitops.review.fakes import PLANS, FakeS3, FakeTerraform, component, stack

COMMIT = "c" * 40
TODAY = date(2026, 11, 23)


@dataclass
class Shop:
    """A repository with three components (iam <- table <- functions) and a fourth apart, and their account."""

    root: Path
    stack: Stack
    s3: FakeS3 = field(default_factory=FakeS3)
    runs: list[Run] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.terraform = FakeTerraform(self.s3)
        self.store = PlanStore(self.s3, PLANS, stack="dev")
        self.guard = Guard(allowances=(), today=TODAY)
        for name in self.stack.components:
            self.write(name, "resource {}\n")

    def write(self, name: str, content: str) -> None:
        directory = self.root / "components" / "terraform" / name
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "main.tf").write_text(content)

    def set(self, name: str, **values: Any) -> None:
        """Other values for a component, as a commit would give it."""
        old = self.stack.components[name]
        self.put(replace(old, values={**old.values, **values}))

    def put(self, item: Component) -> None:
        self.stack = replace(self.stack, components={**self.stack.components, item.name: item})

    def plan(self, *names: str, **more: Any) -> Document:
        return planning.plan(
            self.stack,
            {},
            components=names or list(self.stack.components),
            source=more.pop("source", Source(COMMIT)),
            s3=self.s3,
            runner=self.terraform,
            guard=more.pop("guard", self.guard),
            root=self.root,
            **more,
        )

    def apply(self, document: Document, **more: Any) -> Run:
        return applying.apply(
            self.stack,
            {},
            document,
            on_change=self.runs.append,
            s3=self.s3,
            runner=self.terraform,
            guard=more.pop("guard", self.guard),
            root=self.root,
            **more,
        )

    def deploy(self) -> None:
        """Bring the account to what the repository says, however many rounds it takes."""
        self.apply(self.plan())
        self.apply(self.plan())
        self.forget_calls()

    def forget_calls(self) -> None:
        self.terraform.calls.clear()
        self.terraform.log.clear()
        self.runs.clear()

    def outcomes(self) -> dict[str, str]:
        return {result.component: result.outcome for result in self.runs[-1].results}

    def held(self, name: str) -> dict[str, Any]:
        return self.terraform.resources(self.stack.components[name])


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(
        tmp_path,
        stack(
            component(
                "iam",
                resources={"aws_iam_role.api": {"name": "api", "boundary": "b1"}},
                outputs={"role": "arn-of-api"},
            ),
            component(
                "table",
                "iam",
                resources={"aws_dynamodb_table.this": {"key": "PK", "ttl": True}},
                outputs={"name": "orders"},
            ),
            component(
                "functions",
                "iam",
                "table",
                resources={
                    "aws_lambda_function.api": {
                        "role": "!terraform.state iam .role",
                        "table": "!terraform.state table .name",
                        "memory": 256,
                    }
                },
                outputs={"arn": "arn-of-function"},
            ),
            component("topic", resources={"aws_sns_topic.this": {"name": "alarms"}}),
        ),
    )
