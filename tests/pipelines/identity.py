"""Plays GitHub's token issuer and AWS's token service: who a job is, and which role it may take.

The claims follow from the run and from the job's place in the workflow files, never from what a test
wishes. Two judges decide on a role: the evaluator of the unit tests and the embedded AWS's own; where
they differ, the simulator fails.
"""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from tests import trust_policy
from tests.issuer import Issuer
from tests.pipelines.accounts import Accounts
from tests.pipelines.events import (
    DEFAULT_BRANCH,
    OWNER,
    OWNER_ID,
    REPOSITORY,
    REPOSITORY_ID,
    Event,
)
from tests.pipelines.workflow_files import Job

ISSUER = "https://token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
_LIFETIME_SECONDS = 300
_SESSION_SECONDS = 3600

Claims = dict[str, Any]


class RefusedError(Exception):
    """The job does not get what it asks for; the message is what it is told."""


@dataclass(frozen=True)
class Assumed:
    """One answered request for a role: by which job of which run, entering which environment."""

    run: int
    job: str
    environment: str | None
    role: str
    account: str


def claims(
    event: Event, job: Job, *, file: str, run: int, environment: str | None, now: float
) -> Claims:
    """The claims of the token GitHub gives `job` in a run of workflow `file`."""
    if environment:
        context = f"environment:{environment}"
    elif event.name == "pull_request":
        context = "pull_request"
    else:
        context = f"ref:{event.ref}"
    kind = event.ref.split("/")[1]
    content: Claims = {
        "jti": str(uuid.uuid4()),
        # The immutable form, which repositories made since July 2026 get.
        "sub": f"repo:{OWNER}@{OWNER_ID}/{REPOSITORY.split('/')[1]}@{REPOSITORY_ID}:{context}",
        "aud": AUDIENCE,
        "iss": ISSUER,
        "nbf": int(now) - 60,
        "iat": int(now),
        "exp": int(now) + _LIFETIME_SECONDS,
        "ref": event.ref,
        "ref_type": "tag" if kind == "tags" else "branch",
        "ref_protected": str(event.ref == f"refs/heads/{DEFAULT_BRANCH}").lower(),
        "sha": event.sha,
        "repository": REPOSITORY,
        "repository_id": str(REPOSITORY_ID),
        "repository_owner": OWNER,
        "repository_owner_id": str(OWNER_ID),
        "repository_visibility": "private",
        "run_id": str(run),
        "run_number": str(run),
        "run_attempt": "1",
        "actor": event.actor,
        "actor_id": "1",
        "event_name": event.name,
        "head_ref": event.head_ref,
        "base_ref": event.base_ref,
        "workflow": file,
        "workflow_ref": f"{REPOSITORY}/.github/workflows/{file}@{event.ref}",
        "workflow_sha": event.sha,
        "job_workflow_ref": f"{REPOSITORY}/.github/workflows/{job.file}@{event.ref}",
        "job_workflow_sha": event.sha,
        "runner_environment": "github-hosted",
    }
    if environment:
        content["environment"] = environment
    return content


@dataclass
class Identities:
    """Issues tokens and exchanges them for credentials; keeps a record of both."""

    accounts: Accounts
    issuer: Issuer = field(default_factory=Issuer)
    issued: list[Claims] = field(default_factory=list)
    assumed: list[Assumed] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    _by_token: dict[str, tuple[Claims, str]] = field(default_factory=dict)

    def issue(self, content: Claims, *, job: str) -> str:
        """A signed token with these claims."""
        token = self.issuer.token(content)
        self.issued.append(content)
        self._by_token[token] = (content, job)
        return token

    def assume(self, token: str, role_arn: str) -> Mapping[str, str]:
        """Credentials of `role_arn`, as variables; RefusedError where its trust policy does not allow the token."""
        if token not in self._by_token:
            raise RefusedError("InvalidIdentityToken: the token was not issued here")
        content, job = self._by_token[token]
        if not content["nbf"] <= time.time() < content["exp"]:
            raise RefusedError("ExpiredTokenException: the token is not valid now")
        account, name = role_arn.split(":")[4], role_arn.rpartition("/")[2]
        allowed = self._allowed(account, name, content)
        credentials = self._session(account, role_arn, token)
        if allowed != (credentials is not None):
            raise AssertionError(
                f"two judges of {name}'s trust policy differ: the tests' says {allowed}, the embedded AWS"
                f" {credentials is not None}; claims: {content}"
            )
        if credentials is None:
            self.refused.append(f"{job}: {name}")
            raise RefusedError(
                "AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity"
            )
        self.assumed.append(
            Assumed(int(content["run_id"]), job, content.get("environment"), name, account)
        )
        return {
            "AWS_ACCESS_KEY_ID": credentials["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": credentials["SecretAccessKey"],
            "AWS_SESSION_TOKEN": credentials["SessionToken"],
        }

    def _allowed(self, account: str, name: str, content: Claims) -> bool:
        try:
            role = self.accounts.client("iam", account).get_role(RoleName=name)["Role"]
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchEntity":
                return False
            raise
        return trust_policy.allows(role["AssumeRolePolicyDocument"], content)

    def _session(self, account: str, role_arn: str, token: str) -> Mapping[str, str] | None:
        try:
            answer = self.accounts.client("sts", account).assume_role_with_web_identity(
                RoleArn=role_arn,
                RoleSessionName="GitHubActions",
                WebIdentityToken=token,
                DurationSeconds=_SESSION_SECONDS,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "AccessDenied":
                return None
            raise
        credentials: Mapping[str, str] = answer["Credentials"]
        return credentials
