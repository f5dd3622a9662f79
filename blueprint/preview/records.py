"""Remembers each preview in the state bucket: whose it is, of which commit, and when its time is up.

`previews/<stack>.json` is written before the first resource is made, so that whatever an interrupted run
leaves is found again. `previews/<stack>/packages.json` is the manifest of the packages that were uploaded
last: to destroy a function Terraform has to be told which package it runs.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from blueprint.errors import UsageError
from blueprint.stacks import stages
from blueprint.stacks.model import Stack

_RECORD = re.compile(r"previews/([a-z0-9]+)\.json")
_LONGEST_HOURS = 24 * 14


@dataclass(frozen=True)
class Record:
    """A preview: its pull request, the commit it was made of last, when it was first made, when it expires (UTC)."""

    pull_request: int
    commit: str
    created: datetime
    expires: datetime


@dataclass(frozen=True)
class Unreadable:
    """A record that says nothing: what is wrong with it."""

    reason: str


def lifetime(stack: Stack) -> timedelta:
    """How long a preview lives after its last push; UsageError where the stack files say nothing sensible."""
    hours = stack.settings.get("preview", {}).get("expires_after_hours")
    if not isinstance(hours, int) or not 1 <= hours <= _LONGEST_HOURS:
        raise UsageError(
            f"stack {stack.name}: settings.blueprint.preview.expires_after_hours is {hours!r}",
            remedy=f"set it in stacks/mixins/stage/preview.yaml to a whole number from 1 to {_LONGEST_HOURS}",
        )
    return timedelta(hours=hours)


class Records:
    """The records in one state bucket."""

    def __init__(self, s3: Any, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def all(self) -> dict[str, Record | Unreadable]:
        """Every record by stack."""
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix="previews/"
        )
        names = [
            match[1]
            for page in pages
            for entry in page.get("Contents", [])
            if (match := _RECORD.fullmatch(entry["Key"]))
        ]
        found = {name: self.find(name) for name in names if stages.pull_request(name)}
        return {name: record for name, record in found.items() if record is not None}

    def find(self, stack: str) -> Record | Unreadable | None:
        """The record of `stack`; None where there is none."""
        body = self._get(f"previews/{stack}.json")
        return None if body is None else _parsed(stack, body)

    def write(self, stack: str, record: Record) -> None:
        """Remember the preview `stack`."""
        document = {
            "pull_request": record.pull_request,
            "commit": record.commit,
            "created": record.created.isoformat(),
            "expires": record.expires.isoformat(),
        }
        self._put(f"previews/{stack}.json", json.dumps(document, indent=2))

    def manifest(self, stack: str) -> str | None:
        """The package manifest kept for `stack`; None where no package was uploaded for it."""
        body = self._get(f"previews/{stack}/packages.json")
        return None if body is None else body.decode()

    def keep_manifest(self, stack: str, text: str) -> None:
        """Keep the package manifest whose packages now lie in the bucket of `stack`."""
        self._put(f"previews/{stack}/packages.json", text)

    def forget(self, stack: str) -> None:
        """Remove all that is remembered of `stack`; the record itself last, or it would be forgotten half."""
        for key in (f"previews/{stack}/packages.json", f"previews/{stack}.json"):
            self._s3.delete_object(Bucket=self._bucket, Key=key)

    def _get(self, key: str) -> bytes | None:
        try:
            body: bytes = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                return None
            raise
        return body

    def _put(self, key: str, text: str) -> None:
        self._s3.put_object(
            Bucket=self._bucket, Key=key, Body=text.encode(), ContentType="application/json"
        )


def _parsed(stack: str, body: bytes) -> Record | Unreadable:
    try:
        document: Mapping[str, Any] = json.loads(body)
        record = Record(
            pull_request=int(document["pull_request"]),
            commit=str(document["commit"]),
            created=_time(document["created"]),
            expires=_time(document["expires"]),
        )
    except (ValueError, TypeError, KeyError) as error:
        return Unreadable(f"{type(error).__name__}: {error}")
    if stages.preview_stage(record.pull_request) != stack:
        return Unreadable(f"it names pull request {record.pull_request}")
    return record


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return moment.astimezone(UTC)
