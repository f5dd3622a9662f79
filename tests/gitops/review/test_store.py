"""What the plan bucket cannot give is told with the way out."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from blueprint.errors import BlueprintError
from blueprint.review.store import PlanStore, bucket_of, open_store
from tests.gitops.review.conftest import Shop
from tests.gitops.review.fakes import PLANS, FakeS3


def test_the_bucket_is_the_account_s(shop: Shop) -> None:
    assert bucket_of(shop.stack) == PLANS


CALLS: dict[str, Callable[[PlanStore], object]] = {
    "PutObject": lambda store: store.put_file(b"plan"),
    "GetObject": lambda store: store.file("a" * 64),
    "ListObjectsV2": lambda store: store.reviews("dev", "table", "k"),
}


@pytest.mark.parametrize("operation", CALLS)
def test_a_missing_bucket_is_answered_with_bootstrap(operation: str) -> None:
    store = PlanStore(FakeS3(buckets={}), PLANS, stack="dev")

    with pytest.raises(BlueprintError, match=f"plan bucket {PLANS} does not exist") as failed:
        CALLS[operation](store)

    assert "blueprint bootstrap -s dev" in failed.value.remedy


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        ("PutObject", r"could not be written \(files/"),
        ("GetObject", r"could not be read \(files/"),
        ("ListObjectsV2", "could not be listed below reviewed/dev/table/k/"),
    ],
)
def test_a_refusal_names_what_was_tried(operation: str, message: str) -> None:
    store = PlanStore(FakeS3(denied={operation}), PLANS, stack="dev")

    with pytest.raises(BlueprintError, match=f"{message}.*AccessDenied") as failed:
        CALLS[operation](store)

    assert "get-caller-identity" in failed.value.remedy


def test_only_an_emulated_stack_gets_its_bucket_on_the_way(shop: Shop) -> None:
    s3 = FakeS3(buckets={})
    open_store(shop.stack, {}, s3=s3)
    assert s3.buckets == {}

    open_store(replace(shop.stack, emulated=True), {}, s3=s3)
    open_store(replace(shop.stack, emulated=True), {}, s3=s3)

    assert list(s3.buckets) == [PLANS]


def test_a_review_is_a_pull_request_s(shop: Shop) -> None:
    with pytest.raises(BlueprintError, match="only the plan of a pull request is a review"):
        shop.store.put_reviews(shop.plan("topic"))
