"""The plan bucket of an account: documents, records of review, plan files and packages, each made once.

Names say what is in them (`<sha256>`), every read holds the content to its name, and nothing is ever
overwritten: an object that is there already has, by its name, the same content.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from botocore.exceptions import ClientError

from blueprint import aws, data_files
from blueprint.errors import BlueprintError
from blueprint.review import document as documents
from blueprint.review.document import ComponentPlan, Document
from blueprint.stacks.model import Stack

# What a record of review has in its name where the component could not be planned: it waits for a first apply.
WAITS = "waits"

_ABSENT = ("404", "NoSuchKey")
_PRESENT = ("412", "PreconditionFailed")
_BUSY = ("409", "ConditionalRequestConflict")
_ATTEMPTS = 3


@dataclass(frozen=True)
class Review:
    """The record that a pull request showed a component's plan: `digest` is the plan's, or WAITS."""

    stack: str
    component: str
    key: str
    digest: str
    document: str
    pull_request: int
    commit: str

    @property
    def name(self) -> str:
        return f"reviewed/{self.stack}/{self.component}/{self.key}/{self.digest}.json"


def bucket_of(stack: Stack) -> str:
    """The name of the plan bucket of the stack's account."""
    return f"{stack.account_prefix}-plans-{stack.value('account_id')}"


def open_store(stack: Stack, env: Mapping[str, str], *, s3: Any = None) -> "PlanStore":
    """The store of `stack`; on an emulated stack its bucket is made on the way.

    On AWS the bucket is `blueprint bootstrap`'s, and what is wrong with it is said by the first use.
    """
    client = s3 if s3 is not None else aws.client("s3", env, region=stack.value("region"))
    store = PlanStore(client, bucket_of(stack), stack=stack.name)
    if stack.emulated:
        store.ensure()
    return store


class PlanStore:
    """The plan bucket `bucket`; `stack` is named in remedies."""

    def __init__(self, s3: Any, bucket: str, *, stack: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._stack = stack

    def ensure(self) -> None:
        """Make the bucket if it is missing."""
        try:
            self._s3.head_bucket(Bucket=self._bucket)
        except ClientError as error:
            if _code(error) not in ("404", "NoSuchBucket"):
                self._fail(error, "reached")
            self._s3.create_bucket(Bucket=self._bucket)

    # Plan documents

    def put_document(self, document: Document) -> str:
        """Keep `document`; its digest. Of two with one digest the first stays, with its commit and run."""
        digest = document.digest
        self._put(f"documents/{digest}.json", documents.render(document).encode())
        return digest

    def document(self, digest: str) -> Document:
        """The document called `digest`; BlueprintError when there is none or it was changed."""
        name = f"documents/{digest}.json"
        body = self._get(name)
        if body is None:
            raise BlueprintError(
                f"there is no plan document {digest} in {self._bucket}",
                remedy=f"make it with `blueprint delivery plan -s {self._stack} --store`",
            )
        found = documents.parse(body, name=self._url(name))
        if found.digest != digest:
            self._tampered(name, f"it holds the document {found.digest}")
        return found

    # What pull requests have shown

    def put_reviews(self, document: Document) -> list[Review]:
        """Record that the pull request of `document` shows the plan of each component that is not unchanged."""
        source = document.source
        if source.pull_request is None:
            raise BlueprintError(
                "only the plan of a pull request is a review",
                remedy="pass the pull request's number",
            )
        records = [
            Review(
                stack=document.stack,
                component=item.component,
                key=item.key,
                digest=reviewed_as(item),
                document=document.digest,
                pull_request=source.pull_request,
                commit=source.commit,
            )
            for item in document.of("changes", "waits", "removed")
        ]
        for record in records:
            self._put(record.name, json.dumps(vars(record), sort_keys=True).encode())
        return records

    def reviews(self, stack: str, component: str, key: str) -> list[Review]:
        """Every record of review of `component` with this content."""
        prefix = f"reviewed/{stack}/{component}/{key}/"
        try:
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=prefix
            )
            names = [item["Key"] for page in pages for item in page.get("Contents", [])]
        except ClientError as error:
            self._fail(error, f"listed below {prefix}")
        return [self._review(name) for name in sorted(names)]

    def _review(self, name: str) -> Review:
        content = self._json(name, _REVIEW)
        record = Review(**content)
        if record.name != name:
            self._tampered(name, f"it is the record of {record.name}")
        return record

    # Terraform's plan files

    def put_file(self, content: bytes) -> str:
        """Keep a plan file; its SHA-256."""
        sha256 = hashlib.sha256(content).hexdigest()
        self._put(f"files/{sha256}.tfplan", content)
        return sha256

    def file(self, sha256: str) -> bytes:
        """The plan file called `sha256`."""
        return self._content(f"files/{sha256}.tfplan", sha256)

    # Function packages

    def put_package(self, sha256: str, content: bytes) -> None:
        """Keep the package called `sha256`, whose bytes the caller has verified."""
        self._put(f"packages/{sha256}.zip", content)

    def package(self, sha256: str) -> bytes:
        """The package called `sha256`."""
        return self._content(f"packages/{sha256}.zip", sha256)

    def index(self, role: str, inputs: str, entry: Mapping[str, Any]) -> bool:
        """Say once which package was built for `role` from `inputs`; False when that was said before."""
        body = json.dumps(entry, sort_keys=True).encode()
        return self._put(index_name(role, inputs), body)

    def indexed(self, role: str, inputs: str, schema: Mapping[str, Any]) -> dict[str, Any] | None:
        """What was said of `role` and `inputs`, held to `schema`; None when nothing was."""
        name = index_name(role, inputs)
        return None if self._get(name) is None else self._json(name, schema)

    # Objects

    def _put(self, name: str, body: bytes) -> bool:
        """Put the object unless it is there; whether it was put."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                self._s3.put_object(Bucket=self._bucket, Key=name, Body=body, IfNoneMatch="*")
            except ClientError as error:
                if _code(error) in _PRESENT:
                    return False
                # Another run puts the same object right now.
                if _code(error) not in _BUSY or attempt == _ATTEMPTS:
                    self._fail(error, f"written ({name})")
            else:
                return True
        return False

    def _get(self, name: str) -> bytes | None:
        try:
            body: bytes = self._s3.get_object(Bucket=self._bucket, Key=name)["Body"].read()
        except ClientError as error:
            if _code(error) in _ABSENT:
                return None
            self._fail(error, f"read ({name})")
        return body

    def _content(self, name: str, sha256: str) -> bytes:
        body = self._get(name)
        if body is None:
            raise BlueprintError(
                f"{self._url(name)} does not exist",
                remedy=f"make it with `blueprint delivery plan -s {self._stack} --store`",
            )
        if hashlib.sha256(body).hexdigest() != sha256:
            self._tampered(name, "its bytes are not those its name promises")
        return body

    def _json(self, name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
        try:
            content = json.loads(self._get(name) or b"")
        except ValueError:
            self._tampered(name, "it is not JSON")
        faults = list(data_files.faults_of(content, schema))
        if faults:
            self._tampered(name, "; ".join(faults))
        answer: dict[str, Any] = content
        return answer

    def _url(self, name: str) -> str:
        return f"s3://{self._bucket}/{name}"

    def _tampered(self, name: str, why: str) -> NoReturn:
        raise BlueprintError(
            f"{self._url(name)} was tampered with: {why}",
            remedy="find out who wrote it (CloudTrail, PutObject), delete that object version, and plan again",
        )

    def _fail(self, error: ClientError, done: str) -> NoReturn:
        code = _code(error)
        bootstrap = f"`blueprint bootstrap -s {self._stack}`"
        if code == "NoSuchBucket":
            raise BlueprintError(
                f"stack {self._stack}: the plan bucket {self._bucket} does not exist",
                remedy=f"make it with {bootstrap}, once per account",
            ) from error
        raise BlueprintError(
            f"stack {self._stack}: the plan bucket {self._bucket} could not be {done}: {code}",
            remedy="check the credentials in use (`aws sts get-caller-identity`);"
            f" a role that should have access gets it by {bootstrap}",
        ) from error


def reviewed_as(plan: ComponentPlan) -> str:
    """What a review of `plan` is recorded under."""
    return plan.digest or WAITS


def index_name(role: str, inputs: str) -> str:
    """Where the package of `role`, built from `inputs`, is looked up."""
    return f"packages/index/{role}/{inputs}.json"


def _code(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])


_TEXT = {"type": "string"}
_REVIEW: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("stack", "component", "key", "digest", "document", "commit"), _TEXT),
        "pull_request": {"type": "integer", "minimum": 1},
    },
    "required": ["stack", "component", "key", "digest", "document", "commit", "pull_request"],
    "additionalProperties": False,
}
