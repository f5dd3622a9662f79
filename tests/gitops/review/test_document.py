"""A plan document survives a journey through hands that are not trusted."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from blueprint.errors import BlueprintError
from blueprint.review import document as documents
from blueprint.review.document import (
    Attribute,
    Change,
    ComponentPlan,
    Document,
    Finding,
    Source,
    StateVersion,
    Tally,
)

A, B, C = "a" * 64, "b" * 64, "c" * 64
WHOLE = Document(
    stack="dev",
    source=Source("1" * 40, "2" * 40, 12, "https://github.com/acme/shop/actions/runs/1"),
    packages={"api": A},
    components=(
        ComponentPlan(
            component="dynamodb",
            key=A,
            outcome="changes",
            digest=B,
            counts=Tally(update=1),
            state=StateVersion("lineage", 3),
            file=C,
            changes=(
                Change(
                    "aws_x.y", "aws_x", ("update",), (Attribute("a.b", {"n": [1, None]}, True),)
                ),
            ),
            outputs=("table_name",),
            findings=(Finding("stateful-replace", "aws_x.y", "holds data", "keep it"),),
        ),
        ComponentPlan(component="lambda", key=B, outcome="waits", waits_for=("dynamodb",)),
        ComponentPlan(component="topic", key=C, outcome="unchanged"),
    ),
)


def as_json() -> Any:
    return copy.deepcopy(WHOLE.as_json())


def test_a_document_comes_back_as_it_was() -> None:
    assert documents.parse(documents.render(WHOLE)) == WHOLE


def test_the_digest_covers_what_is_reviewed_and_not_where_it_was_made() -> None:
    elsewhere = replace(WHOLE, source=Source("9" * 40))
    later = replace(
        WHOLE,
        components=(
            replace(WHOLE.components[0], state=StateVersion("lineage", 4), file=A),
            *WHOLE.components[1:],
        ),
    )

    assert elsewhere.digest == later.digest == WHOLE.digest


def with_first(**changes: Any) -> Document:
    return replace(
        WHOLE, components=(replace(WHOLE.components[0], **changes), *WHOLE.components[1:])
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(WHOLE, stack="prod"),
        replace(WHOLE, packages={"api": B}),
        replace(WHOLE, components=WHOLE.components[1:]),
        with_first(key=C),
        with_first(digest=C),
        with_first(changes=()),
        with_first(counts=Tally(update=2)),
        with_first(outputs=()),
        with_first(findings=()),
        with_first(component="other"),
    ],
)
def test_any_other_content_has_another_digest(other: Document) -> None:
    assert other.digest != WHOLE.digest


def edit(path: str, value: Any) -> Any:
    content = as_json()
    target = content
    *steps, last = path.split(".")
    for step in steps:
        target = target[int(step)] if step.isdigit() else target[step]
    target[int(last) if last.isdigit() else last] = value
    return content


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("version", 2, r"version: 1 was expected \(this tool reads version 1\)"),
        ("stack", "../prod", "stack: "),
        ("stack", None, "stack: None is not of type 'string'"),
        ("commit", "main", r"commit: 'main' does not match .* \(a full commit ID\)"),
        ("commit", "1" * 40 + "\n", "commit: "),
        ("pull_request", "12", "pull_request: '12' is not of type"),
        ("run", "javascript:alert(1)", "run: "),
        ("packages", {"api": "x"}, "packages"),
        ("components", {}, "components: "),
        ("components.0.outcome", "done", r"components\[0\]\.outcome: 'done' is not one of"),
        ("components.0.key", "short", r"components\[0\]\.key: "),
        ("components.0.counts.create", -1, r"components\[0\]\.counts\.create: "),
        ("components.0.changes.0.actions", [], r"components\[0\]\.changes\[0\]\.actions: "),
        ("components.0.more", 1, r"components\[0\]\.more: there is no such key"),
        (
            "components.1.component",
            "dynamodb",
            r"components\[1\]\.component: dynamodb is there twice",
        ),
        ("components.0.digest", None, r"components\[0\]\.digest: None does not go with"),
        ("components.2.digest", A, r"components\[2\]\.digest: .* does not go with outcome 'unch"),
    ],
)
def test_a_wrong_field_is_named(path: str, value: Any, message: str) -> None:
    with pytest.raises(BlueprintError, match=message) as wrong:
        documents.from_json(edit(path, value), name="plan.json")

    assert wrong.value.message.startswith("plan.json: ")
    assert "blueprint delivery plan" in wrong.value.remedy


def test_a_missing_field_is_named() -> None:
    content = as_json()
    del content["components"][0]["findings"]

    with pytest.raises(BlueprintError, match=r"components\[0\]: 'findings' is a required"):
        documents.from_json(content)


def test_a_changed_document_is_told_by_its_digest() -> None:
    content = edit("components.0.changes.0.actions", ["delete"])

    with pytest.raises(BlueprintError, match=f"its digest says {WHOLE.digest}, its content is"):
        documents.from_json(content)


@pytest.mark.parametrize("text", ["", "{", "[1, NaN]", json.dumps(None), "[]"])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(BlueprintError, match="the plan document"):
        documents.parse(text)
