"""Documents that do not belong together, or are not whole, are refused by name."""

from pathlib import Path

import pytest

from blueprint.errors import BlueprintError, UsageError
from blueprint.report import documents
from blueprint.review import document as review
from tests.gitops.report.plans import change, component, document


def test_documents_are_read_in_the_order_they_are_named(tmp_path: Path) -> None:
    plans = [document(component("sqs", change()), stack=stack) for stack in ("dev", "prod")]
    files = [tmp_path / f"{plan.stack}.json" for plan in plans]
    for file, plan in zip(files, plans, strict=True):
        file.write_text(review.render(plan))

    assert list(documents.read(files)) == plans
    assert list(documents.read(files[::-1])) == plans[::-1]


def test_a_truncated_document_is_named(tmp_path: Path) -> None:
    file = tmp_path / "dev.json"
    file.write_text(review.render(document(component("sqs", change())))[:-40])

    with pytest.raises(BlueprintError, match=r"dev\.json is not JSON"):
        documents.read([file])


def test_a_document_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"dev\.json cannot be read: No such file"):
        documents.read([tmp_path / "dev.json"])


def test_documents_of_two_commits_are_not_mixed() -> None:
    other = document(stack="prod", commit="b" * 40)

    with pytest.raises(
        UsageError, match="different commits: dev is of a1b2c3d, prod is of bbbbbbb"
    ):
        documents.together([document(), other])


def test_documents_of_two_pull_requests_are_not_mixed() -> None:
    other = document(stack="prod", pull_request=None)

    with pytest.raises(UsageError, match="different pull requests: 12, none"):
        documents.together([document(), other])


def test_a_stack_is_there_once() -> None:
    with pytest.raises(UsageError, match="two plan documents are of the stack dev"):
        documents.together([document(), document()])


def test_at_least_one_document_is_needed() -> None:
    with pytest.raises(UsageError, match="there is no plan document"):
        documents.together([])
