"""An AWS account as far as a bootstrap sees it: CloudFormation by change sets, providers, buckets."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

PROVIDER = "arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com"


def refusal(code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "operation")


class FakeSts:
    def __init__(self, account: str) -> None:
        self._account = account

    def get_caller_identity(self) -> dict[str, str]:
        return {"Account": self._account}


class FakeIam:
    """`audiences` of GitHub's provider, None while there is none; `boundaries` given to roles."""

    def __init__(self) -> None:
        self.audiences: list[str] | None = None
        self.boundaries: dict[str, str] = {}

    def list_open_id_connect_providers(self) -> dict[str, Any]:
        other = {"Arn": "arn:aws:iam::111111111111:oidc-provider/gitlab.example.com"}
        ours = [] if self.audiences is None else [{"Arn": PROVIDER}]
        return {"OpenIDConnectProviderList": [other, *ours]}

    def get_open_id_connect_provider(self, *, OpenIDConnectProviderArn: str) -> dict[str, Any]:
        assert OpenIDConnectProviderArn == PROVIDER
        return {"ClientIDList": self.audiences}

    def create_open_id_connect_provider(self, *, Url: str, ClientIDList: list[str]) -> None:
        assert Url == "https://token.actions.githubusercontent.com"
        self.audiences = ClientIDList

    def put_role_permissions_boundary(self, *, RoleName: str, PermissionsBoundary: str) -> None:
        self.boundaries[RoleName] = PermissionsBoundary


class FakeS3:
    """`buckets` of this account, each with whether it has a policy; `taken` are other accounts'."""

    def __init__(self) -> None:
        self.buckets: dict[str, bool] = {}
        self.taken: set[str] = set()

    def head_bucket(self, *, Bucket: str) -> None:
        if Bucket in self.taken:
            raise refusal("403")
        if Bucket not in self.buckets:
            raise refusal("404")

    def delete_bucket_policy(self, *, Bucket: str) -> None:
        self.buckets[Bucket] = False


class FakeCloudFormation:
    """One stack. `fails_with` makes the next execution fail for that reason, `refuses_with` the next change set."""

    def __init__(self, s3: FakeS3) -> None:
        self._s3 = s3
        self.status: str | None = None
        self.deployed: tuple[str, dict[str, str]] | None = None
        self.imported: list[str] = []
        self.protected = False
        self.kinds: list[str] = []
        self.deleted = False
        self.fails_with = ""
        self.refuses_with = ""
        self._sets: dict[str, dict[str, Any]] = {}
        self._events: list[dict[str, str]] = []
        self._polls = 0

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:
        if self.status is None:
            raise refusal("ValidationError", f"Stack with id {StackName} does not exist")
        if self.status.endswith("_IN_PROGRESS") and self._polls > 0:
            self._polls -= 1
            if self._polls == 0:
                self._finish()
        parameters = self.deployed[1] if self.deployed else {}
        return {
            "Stacks": [
                {
                    "StackStatus": self.status,
                    "Parameters": [
                        {"ParameterKey": key, "ParameterValue": value}
                        for key, value in parameters.items()
                    ],
                    "Outputs": [
                        {"OutputKey": f"{kind}Arn", "OutputValue": f"arn:aws:iam::1:{path}"}
                        for kind, path in [
                            ("PlanRole", "role/acme-useast1-dev-plan"),
                            ("ApplyRole", "role/acme-useast1-dev-apply"),
                            ("Boundary", "policy/acme-useast1-dev-delivery-boundary"),
                        ]
                    ],
                }
            ]
        }

    def create_change_set(
        self,
        *,
        StackName: str,
        ChangeSetName: str,
        ChangeSetType: str,
        TemplateBody: str,
        Capabilities: list[str],
        Parameters: list[dict[str, str]],
        ResourcesToImport: list[Mapping[str, Any]] = [],  # noqa: B006 (read only)
    ) -> dict[str, str]:
        assert StackName == "acme-useast1-dev-bootstrap"
        assert Capabilities == ["CAPABILITY_NAMED_IAM"]
        self.kinds.append(ChangeSetType)
        if self.status is None:
            self.status = "REVIEW_IN_PROGRESS"
        given = {item["ParameterKey"]: item["ParameterValue"] for item in Parameters}
        self._sets[ChangeSetName] = {
            "kind": ChangeSetType,
            "content": (TemplateBody, given),
            "imports": [dict(item) for item in ResourcesToImport],
            "polls": 2,
        }
        return {"Id": ChangeSetName}

    def describe_change_set(
        self, *, ChangeSetName: str, StackName: str, NextToken: str = ""
    ) -> dict[str, Any]:
        found = self._sets[ChangeSetName]
        if found["polls"]:
            found["polls"] -= 1
            return {"Status": "CREATE_IN_PROGRESS" if found["polls"] else "CREATE_PENDING"}
        if self.refuses_with:
            return {"Status": "FAILED", "StatusReason": self.refuses_with}
        if found["content"] == self.deployed:
            reason = (
                "The submitted information didn't contain changes. Submit different information"
            )
            return {"Status": "FAILED", "StatusReason": reason}
        page = "second" if NextToken else "first"
        change = {
            "Action": "Modify" if self.deployed else "Add",
            "LogicalResourceId": "PlanRole" if NextToken else "StateBucket",
            "ResourceType": "AWS::IAM::Role" if NextToken else "AWS::S3::Bucket",
            "Replacement": "False",
        }
        more = {"NextToken": "second"} if page == "first" else {}
        return {"Status": "CREATE_COMPLETE", "Changes": [{"ResourceChange": change}], **more}

    def execute_change_set(self, *, ChangeSetName: str, StackName: str) -> None:
        executed = self._sets.pop(ChangeSetName)
        verb = {"CREATE": "CREATE", "UPDATE": "UPDATE", "IMPORT": "IMPORT"}[executed["kind"]]
        self.status = f"{verb}_IN_PROGRESS"
        self._polls = 2
        self._executed = executed

    def _finish(self) -> None:
        kind = self._executed["kind"]
        if self.fails_with:
            self._event("StateBucket", f"{kind}_FAILED", self.fails_with)
            rolled = {"CREATE": "ROLLBACK_COMPLETE", "UPDATE": "UPDATE_ROLLBACK_COMPLETE"}
            self.status = rolled[kind]
            return
        if kind == "CREATE" and self._s3.buckets:
            raise AssertionError("CloudFormation would refuse to create a bucket that exists")
        self.imported += [
            item["ResourceIdentifier"]["BucketName"] for item in self._executed["imports"]
        ]
        self.deployed = self._executed["content"]
        self._event("StateBucket", f"{kind}_COMPLETE", "")
        self._event("acme-useast1-dev-bootstrap", f"{kind}_COMPLETE", "")
        self.status = f"{kind}_COMPLETE"

    def _event(self, logical: str, status: str, reason: str) -> None:
        self._events.insert(
            0,
            {
                "EventId": str(len(self._events)),
                "LogicalResourceId": logical,
                "ResourceStatus": status,
                "ResourceStatusReason": reason,
            },
        )

    def describe_stack_events(self, *, StackName: str) -> dict[str, Any]:
        return {"StackEvents": list(self._events)}

    def delete_change_set(self, *, ChangeSetName: str, StackName: str) -> None:
        del self._sets[ChangeSetName]

    def delete_stack(self, *, StackName: str) -> None:
        assert self.status == "REVIEW_IN_PROGRESS"
        self.status = None
        self.deleted = True

    def update_termination_protection(
        self, *, StackName: str, EnableTerminationProtection: bool
    ) -> None:
        self.protected = EnableTerminationProtection
