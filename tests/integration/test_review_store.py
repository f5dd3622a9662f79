"""The plan bucket as S3 behaves: objects are made once, and what is read is what its name says."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from blueprint.errors import BlueprintError
from blueprint.review.document import ComponentPlan, Document, Source
from blueprint.review.store import PlanStore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BUCKET = "acme-useast1-dev-plans-111111111111"
KEY, DIGEST = "a" * 64, "b" * 64


@pytest.fixture
def s3() -> "Iterator[S3Client]":
    with mock_aws():
        yield boto3.client("s3")


@pytest.fixture
def store(s3: "S3Client") -> PlanStore:
    store = PlanStore(s3, BUCKET, stack="dev")
    store.ensure()
    return store


def document(*, commit: str = "1", pull_request: int | None = 12) -> Document:
    return Document(
        stack="dev",
        source=Source(commit * 40, pull_request=pull_request),
        packages={},
        components=(
            ComponentPlan("table", KEY, "changes", DIGEST),
            ComponentPlan("lambda", KEY, "waits", waits_for=("table",)),
            ComponentPlan("topic", KEY, "unchanged"),
        ),
    )


def names(s3: "S3Client") -> list[str]:
    return [item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def test_a_document_is_kept_under_its_digest_and_the_first_one_stays(
    store: PlanStore, s3: "S3Client"
) -> None:
    digest = store.put_document(document(commit="1"))
    assert store.put_document(document(commit="2")) == digest

    assert names(s3) == [f"documents/{digest}.json"]
    assert store.document(digest).source.commit == "1" * 40


def test_a_document_that_was_never_made_is_answered_with_how_to_make_it(store: PlanStore) -> None:
    with pytest.raises(BlueprintError, match=f"no plan document {DIGEST}") as missing:
        store.document(DIGEST)

    assert "blueprint delivery plan -s dev --store" in missing.value.remedy


def test_a_document_that_was_replaced_is_named(store: PlanStore, s3: "S3Client") -> None:
    digest = store.put_document(document())
    other = s3.get_object(Bucket=BUCKET, Key=f"documents/{digest}.json")["Body"].read()
    s3.put_object(Bucket=BUCKET, Key=f"documents/{DIGEST}.json", Body=other)
    s3.put_object(
        Bucket=BUCKET, Key=f"documents/{digest}.json", Body=other.replace(b'"waits"', b'"removed"')
    )

    with pytest.raises(BlueprintError, match=rf"documents/{DIGEST}\.json was tampered with"):
        store.document(DIGEST)
    with pytest.raises(BlueprintError, match=rf"documents/{digest}\.json: "):
        store.document(digest)


def test_a_pull_request_s_plans_are_found_again_by_content(store: PlanStore) -> None:
    store.put_reviews(document(pull_request=12))
    store.put_reviews(document(pull_request=13))

    (review,) = store.reviews("dev", "table", KEY)
    (waiting,) = store.reviews("dev", "lambda", KEY)
    assert (review.digest, review.pull_request) == (DIGEST, 12)
    assert waiting.digest == "waits"
    assert store.reviews("dev", "topic", KEY) == []
    assert store.reviews("dev", "table", DIGEST) == []
    assert store.reviews("prod", "table", KEY) == []


def test_a_record_of_review_that_was_copied_to_another_plan_is_named(
    store: PlanStore, s3: "S3Client"
) -> None:
    (record, _) = store.put_reviews(document())
    body = s3.get_object(Bucket=BUCKET, Key=record.name)["Body"].read()
    forged = record.name.replace(DIGEST, "c" * 64)
    s3.put_object(Bucket=BUCKET, Key=forged, Body=body)

    with pytest.raises(BlueprintError, match=f"{forged} was tampered with: it is the record of"):
        store.reviews("dev", "table", KEY)


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b"[]"])
def test_a_record_that_is_none_is_named(store: PlanStore, s3: "S3Client", body: bytes) -> None:
    name = f"reviewed/dev/table/{KEY}/{DIGEST}.json"
    s3.put_object(Bucket=BUCKET, Key=name, Body=body)

    with pytest.raises(BlueprintError, match=f"{name} was tampered with"):
        store.reviews("dev", "table", KEY)


def test_a_plan_file_is_kept_once_and_verified(store: PlanStore, s3: "S3Client") -> None:
    sha256 = store.put_file(b"plan")
    assert store.put_file(b"plan") == sha256
    assert store.file(sha256) == b"plan"

    s3.put_object(Bucket=BUCKET, Key=f"files/{sha256}.tfplan", Body=b"another plan")

    with pytest.raises(BlueprintError, match=rf"files/{sha256}\.tfplan was tampered with"):
        store.file(sha256)


def test_what_was_said_of_a_package_first_stays(store: PlanStore) -> None:
    assert store.index("api", "inputs", {"n": 1})
    assert not store.index("api", "inputs", {"n": 2})

    assert store.indexed("api", "inputs", {"type": "object"}) == {"n": 1}
    assert store.indexed("api", "other", {"type": "object"}) is None


def test_a_bucket_that_does_not_exist_is_answered_with_bootstrap(s3: "S3Client") -> None:
    with pytest.raises(BlueprintError, match="does not exist") as missing:
        PlanStore(s3, "nothing-of-this-name", stack="dev").put_file(b"plan")

    assert "blueprint bootstrap -s dev" in missing.value.remedy
