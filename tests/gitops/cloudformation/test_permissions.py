"""What the delivery's roles may do to which names: the table, judged by their policies and their boundary together."""

from collections.abc import Mapping
from functools import cache

import pytest

from tests.bootstrap_template import ACCOUNT, REGION, Rendered
from tests.environments import ENVIRONMENTS
from tests.permissions import permits

IAM = f"arn:aws:iam::{ACCOUNT}"
PREFIX = "acme-useast1-dev"
STATE = f"arn:aws:s3:::{PREFIX}-tfstate-{ACCOUNT}"
PLANS = f"arn:aws:s3:::{PREFIX}-plans-{ACCOUNT}"
ARTIFACTS = f"arn:aws:s3:::{PREFIX}-artifacts-{ACCOUNT}"
BOUNDARY = {"iam:PermissionsBoundary": f"{IAM}:policy/{PREFIX}-boundary"}
OTHER_BOUNDARY = {"iam:PermissionsBoundary": f"{IAM}:policy/AdministratorAccess"}
THROUGH_S3 = {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}
ONCE = {"s3:if-none-match": "*", "s3:ObjectCreationOperation": "true"}
OVERWRITE = {"s3:ObjectCreationOperation": "true"}
TO_LAMBDA = {"iam:PassedToService": "lambda.amazonaws.com"}
PREVIEW_TAG = {"aws:ResourceTag/stage": "pr12"}

Case = tuple[str, str, Mapping[str, str]]


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


KEY = arn("kms", "key/0d1e2f30-4152-4637-8495-a6b7c8d9eaf0")
POOL = arn("cognito-idp", f"userpool/{REGION}_abc")
BUDGET = f"arn:aws:budgets::{ACCOUNT}:budget/{PREFIX}-month"
TRACES = arn("xray", f"group/{PREFIX}-trouble/ABCDEF")
CANARY_FUNCTION = arn("lambda", f"function:cwsyn-{PREFIX}-api-0d1e2f30")


@cache
def dev(**changes: str) -> Rendered:
    return Rendered({**ENVIRONMENTS["dev"], **changes})


def may(kind: str, case: Case, **changes: str) -> bool:
    rendered = dev(**changes)
    role = rendered.role(kind)
    action, resource, context = case
    bucket = next(
        (
            rendered.bucket_policy(name)
            for name, place in [("state", STATE), ("plan", PLANS)]
            if resource.startswith(place)
        ),
        None,
    )
    return permits(
        role.policies,
        role.boundary,
        action,
        resource,
        resource_policy=bucket,
        context={"aws:RequestedRegion": REGION, "aws:SecureTransport": "true", **context},
    )


PLAN_MAY: list[Case] = [
    ("s3:GetObject", f"{STATE}/iam/dev/terraform.tfstate", {}),
    ("s3:ListBucket", STATE, {}),
    ("s3:PutObject", f"{STATE}/iam/dev/terraform.tfstate.tflock", {}),
    ("s3:DeleteObject", f"{STATE}/iam/dev/terraform.tfstate.tflock", {}),
    ("s3:PutObject", f"{PLANS}/documents/abc.json", ONCE),
    ("s3:PutObject", f"{PLANS}/files/abc.tfplan", ONCE),
    ("s3:PutObject", f"{PLANS}/packages/index/api/abc.json", ONCE),
    ("s3:PutObject", f"{PLANS}/reviewed/dev/iam/abc/def.json", ONCE),
    ("s3:GetObject", f"{PLANS}/documents/abc.json", {}),
    ("s3:GetObject", f"{PLANS}/packages/abc.zip", {}),
    ("s3:GetObject", f"{PLANS}/reviewed/dev/iam/abc/def.json", {}),
    ("kms:Decrypt", KEY, THROUGH_S3),
    ("kms:GenerateDataKey", KEY, THROUGH_S3),
    ("dynamodb:DescribeTable", arn("dynamodb", f"table/{PREFIX}-orders"), {}),
    ("lambda:GetFunction", arn("lambda", f"function:{PREFIX}-api"), {}),
    ("iam:GetRole", f"{IAM}:role/{PREFIX}-api", {}),
    ("s3:ListBucket", ARTIFACTS, {}),
    ("cloudwatch:GetDashboard", f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/{PREFIX}", {}),
    ("sqs:GetQueueAttributes", arn("sqs", f"{PREFIX}-orders"), {}),
    ("cloudwatch:DescribeAlarms", arn("cloudwatch", "alarm:*"), {}),
    ("logs:DescribeMetricFilters", arn("logs", f"log-group:/aws/lambda/{PREFIX}-api"), {}),
    ("logs:DescribeQueryDefinitions", "*", {}),
    ("budgets:ViewBudget", BUDGET, {}),
    ("synthetics:GetCanary", arn("synthetics", f"canary:{PREFIX}-api"), {}),
    ("xray:GetGroup", TRACES, {}),
    ("xray:GetSamplingRules", "*", {}),
]
PLAN_MAY_NOT: list[Case] = [
    # Data.
    ("dynamodb:GetItem", arn("dynamodb", f"table/{PREFIX}-orders"), {}),
    ("dynamodb:Scan", arn("dynamodb", f"table/{PREFIX}-orders"), {}),
    ("sqs:ReceiveMessage", arn("sqs", f"{PREFIX}-orders"), {}),
    ("logs:GetLogEvents", arn("logs", f"log-group:/aws/lambda/{PREFIX}-api:log-stream:x"), {}),
    ("logs:FilterLogEvents", arn("logs", f"log-group:/aws/lambda/{PREFIX}-api"), {}),
    ("secretsmanager:GetSecretValue", arn("secretsmanager", f"secret:{PREFIX}-x"), {}),
    ("ssm:GetParameter", arn("ssm", f"parameter/{PREFIX}-x"), {}),
    ("cognito-idp:ListUsers", POOL, {}),
    ("lambda:InvokeFunction", arn("lambda", f"function:{PREFIX}-api"), {}),
    ("s3:GetObject", f"arn:aws:s3:::{PREFIX}-receipts-{ACCOUNT}/receipts/1.json", {}),
    ("s3:GetObject", f"{ARTIFACTS}/functions/api/abc.zip", {}),
    ("s3:GetObject", f"{PLANS}/files/abc.tfplan", {}),
    # Anything written but locks and plans.
    ("s3:PutObject", f"{STATE}/iam/dev/terraform.tfstate", {}),
    ("s3:DeleteObject", f"{STATE}/iam/dev/terraform.tfstate", {}),
    ("s3:DeleteObjectVersion", f"{STATE}/iam/dev/terraform.tfstate.tflock", {}),
    ("s3:PutObject", f"{PLANS}/documents/abc.json", OVERWRITE),
    ("s3:DeleteObject", f"{PLANS}/documents/abc.json", {}),
    ("s3:PutObject", f"{ARTIFACTS}/functions/api/abc.zip", {}),
    ("lambda:UpdateFunctionCode", arn("lambda", f"function:{PREFIX}-api"), {}),
    ("lambda:UpdateAlias", arn("lambda", f"function:{PREFIX}-api"), {}),
    ("dynamodb:UpdateTable", arn("dynamodb", f"table/{PREFIX}-orders"), {}),
    ("apigateway:PATCH", f"arn:aws:apigateway:{REGION}::/apis/abc", {}),
    ("iam:CreateRole", f"{IAM}:role/{PREFIX}-api", BOUNDARY),
    ("iam:PassRole", f"{IAM}:role/{PREFIX}-api", TO_LAMBDA),
    ("sts:AssumeRole", f"{IAM}:role/{PREFIX}-apply", {}),
    ("cloudwatch:PutCompositeAlarm", arn("cloudwatch", f"alarm:{PREFIX}-page"), {}),
    ("logs:PutQueryDefinition", "*", {}),
    ("budgets:ModifyBudget", BUDGET, {}),
    ("synthetics:StopCanary", arn("synthetics", f"canary:{PREFIX}-api"), {}),
    ("xray:DeleteGroup", TRACES, {}),
    # Traces hold addresses and paths.
    ("xray:BatchGetTraces", "*", {}),
    # The key, other than through S3.
    ("kms:Decrypt", KEY, {}),
    ("kms:ScheduleKeyDeletion", KEY, {}),
]
APPLY_MAY: list[Case] = [
    ("s3:PutObject", f"{STATE}/iam/dev/terraform.tfstate", {}),
    ("s3:DeleteObject", f"{STATE}/iam/dev/terraform.tfstate.tflock", {}),
    ("s3:GetObject", f"{PLANS}/files/abc.tfplan", {}),
    ("s3:PutObject", f"{ARTIFACTS}/functions/api/abc.zip", {}),
    ("s3:GetObject", f"{ARTIFACTS}/functions/api/abc.zip", {}),
    ("s3:CreateBucket", f"arn:aws:s3:::{PREFIX}-receipts-{ACCOUNT}", {}),
    ("dynamodb:CreateTable", arn("dynamodb", f"table/{PREFIX}-orders"), {}),
    ("lambda:UpdateAlias", arn("lambda", f"function:{PREFIX}-api"), {}),
    (
        "lambda:CreateEventSourceMapping",
        "*",
        {"lambda:FunctionArn": arn("lambda", f"function:{PREFIX}-processor:live")},
    ),
    ("iam:CreateRole", f"{IAM}:role/{PREFIX}-api", BOUNDARY),
    ("iam:PutRolePolicy", f"{IAM}:role/{PREFIX}-api", BOUNDARY),
    ("iam:CreatePolicy", f"{IAM}:policy/{PREFIX}-boundary", {}),
    ("iam:CreatePolicyVersion", f"{IAM}:policy/{PREFIX}-boundary", {}),
    ("iam:PassRole", f"{IAM}:role/{PREFIX}-api", TO_LAMBDA),
    ("iam:DeleteRole", f"{IAM}:role/{PREFIX}-api", {}),
    ("cognito-idp:CreateUserPool", "*", {"aws:RequestTag/stage": "dev"}),
    ("cognito-idp:UpdateUserPool", POOL, {"aws:ResourceTag/stage": "dev"}),
    ("kms:CreateKey", "*", {"aws:RequestTag/stage": "dev"}),
    ("kms:ScheduleKeyDeletion", arn("kms", "key/other"), {"aws:ResourceTag/stage": "dev"}),
    ("cloudwatch:PutDashboard", f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/{PREFIX}", {}),
    ("logs:PutRetentionPolicy", arn("logs", f"log-group:/aws/lambda/{PREFIX}-api"), {}),
    ("logs:CreateLogGroup", arn("logs", f"log-group:/aws/apigateway/{PREFIX}"), {}),
    ("scheduler:CreateSchedule", arn("scheduler", f"schedule/default/{PREFIX}-resend"), {}),
    # The observability pack.
    ("cloudwatch:PutMetricAlarm", arn("cloudwatch", f"alarm:{PREFIX}-api-throttles"), {}),
    ("cloudwatch:PutCompositeAlarm", arn("cloudwatch", f"alarm:{PREFIX}-page"), {}),
    ("cloudwatch:DeleteAlarms", arn("cloudwatch", f"alarm:{PREFIX}-page"), {}),
    ("cloudwatch:PutDashboard", f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/{PREFIX}-on-call", {}),
    ("logs:PutMetricFilter", arn("logs", f"log-group:/aws/lambda/{PREFIX}-api"), {}),
    ("logs:PutQueryDefinition", "*", {}),
    ("logs:DeleteQueryDefinition", "*", {}),
    ("sns:CreateTopic", arn("sns", f"{PREFIX}-page"), {}),
    ("sns:Subscribe", arn("sns", f"{PREFIX}-ticket"), {}),
    ("budgets:ModifyBudget", BUDGET, {}),
    # Budgets answers from one region, wherever the stage is.
    ("budgets:ModifyBudget", BUDGET, {"aws:RequestedRegion": "us-west-2"}),
    ("budgets:TagResource", BUDGET, {}),
    ("xray:CreateGroup", TRACES, {}),
    ("xray:UpdateGroup", TRACES, {}),
    ("xray:CreateSamplingRule", arn("xray", f"sampling-rule/{PREFIX}-probes"), {}),
    ("xray:DeleteSamplingRule", arn("xray", f"sampling-rule/{PREFIX}-probes"), {}),
    ("synthetics:CreateCanary", "*", {"aws:RequestTag/stage": "dev"}),
    ("synthetics:DeleteCanary", arn("synthetics", f"canary:{PREFIX}-api"), {}),
    ("lambda:CreateFunction", CANARY_FUNCTION, {}),
    ("lambda:PublishLayerVersion", arn("lambda", f"layer:cwsyn-{PREFIX}-api-0d1e2f30"), {}),
    ("iam:CreateRole", f"{IAM}:role/{PREFIX}-canary", BOUNDARY),
    ("s3:CreateBucket", f"arn:aws:s3:::{PREFIX}-canary-{ACCOUNT}", {}),
]
APPLY_MAY_NOT: list[Case] = [
    # Another environment's names.
    ("lambda:UpdateAlias", arn("lambda", "function:acme-useast1-staging-api"), {}),
    ("dynamodb:DeleteTable", arn("dynamodb", "table/acme-useast1-staging-orders"), {}),
    ("dynamodb:DeleteTable", arn("dynamodb", "table/acme-useast1-developer-orders"), {}),
    ("sqs:DeleteQueue", arn("sqs", "acme-useast1-staging-orders"), {}),
    ("s3:DeleteBucket", f"arn:aws:s3:::acme-useast1-staging-receipts-{ACCOUNT}", {}),
    ("s3:GetObject", f"arn:aws:s3:::acme-useast1-staging-tfstate-{ACCOUNT}/a/b/c", {}),
    ("iam:PutRolePolicy", f"{IAM}:role/acme-useast1-staging-api", BOUNDARY),
    ("iam:CreatePolicyVersion", f"{IAM}:policy/acme-useast1-staging-boundary", {}),
    ("logs:DeleteLogGroup", arn("logs", "log-group:/aws/apigateway/acme-useast1-dev2"), {}),
    ("cloudwatch:DeleteAlarms", arn("cloudwatch", "alarm:acme-useast1-staging-x"), {}),
    ("cloudwatch:PutCompositeAlarm", arn("cloudwatch", "alarm:acme-useast1-staging-page"), {}),
    ("budgets:ModifyBudget", f"arn:aws:budgets::{ACCOUNT}:budget/acme-useast1-staging-month", {}),
    ("budgets:ModifyBudget", f"arn:aws:budgets::{ACCOUNT}:budget/whole-company", {}),
    ("xray:DeleteGroup", arn("xray", "group/acme-useast1-staging-trouble/ABCDEF"), {}),
    ("xray:PutEncryptionConfig", "*", {}),
    ("xray:BatchGetTraces", "*", {}),
    ("synthetics:CreateCanary", "*", {"aws:RequestTag/stage": "staging"}),
    ("synthetics:DeleteCanary", arn("synthetics", "canary:acme-useast1-staging-api"), {}),
    (
        "lambda:DeleteFunction",
        arn("lambda", "function:cwsyn-acme-useast1-staging-api-0d1e2f30"),
        {},
    ),
    ("lambda:InvokeFunction", CANARY_FUNCTION, {}),
    ("logs:PutMetricFilter", arn("logs", "log-group:/aws/lambda/acme-useast1-staging-api"), {}),
    ("cognito-idp:DeleteUserPool", POOL, {"aws:ResourceTag/stage": "staging"}),
    ("cognito-idp:DeleteUserPool", POOL, {}),
    ("kms:ScheduleKeyDeletion", arn("kms", "key/other"), {"aws:ResourceTag/stage": "prod"}),
    (
        "lambda:CreateEventSourceMapping",
        "*",
        {"lambda:FunctionArn": arn("lambda", "function:acme-useast1-staging-processor")},
    ),
    # Another region.
    (
        "lambda:CreateFunction",
        arn("lambda", f"function:{PREFIX}-api"),
        {"aws:RequestedRegion": "eu-west-1"},
    ),
    # Roles without the environment's boundary.
    ("iam:CreateRole", f"{IAM}:role/{PREFIX}-admin", {}),
    ("iam:CreateRole", f"{IAM}:role/{PREFIX}-admin", OTHER_BOUNDARY),
    ("iam:PutRolePolicy", f"{IAM}:role/{PREFIX}-admin", {}),
    ("iam:PutRolePermissionsBoundary", f"{IAM}:role/{PREFIX}-api", OTHER_BOUNDARY),
    ("iam:DeleteRolePermissionsBoundary", f"{IAM}:role/{PREFIX}-api", BOUNDARY),
    ("iam:AttachRolePolicy", f"{IAM}:role/{PREFIX}-api", BOUNDARY),
    ("iam:PassRole", f"{IAM}:role/{PREFIX}-api", {"iam:PassedToService": "ec2.amazonaws.com"}),
    # Other identities.
    ("iam:CreateUser", f"{IAM}:user/{PREFIX}-x", {}),
    ("iam:CreateAccessKey", f"{IAM}:user/{PREFIX}-x", {}),
    ("sts:AssumeRole", f"{IAM}:role/{PREFIX}-api", {}),
    # What guards the delivery.
    ("iam:UpdateAssumeRolePolicy", f"{IAM}:role/{PREFIX}-plan", {}),
    ("iam:UpdateAssumeRolePolicy", f"{IAM}:role/{PREFIX}-apply", {}),
    ("iam:PutRolePolicy", f"{IAM}:role/{PREFIX}-apply", BOUNDARY),
    ("iam:DeleteRole", f"{IAM}:role/{PREFIX}-preview", {}),
    ("iam:PassRole", f"{IAM}:role/{PREFIX}-apply", TO_LAMBDA),
    ("iam:CreatePolicyVersion", f"{IAM}:policy/{PREFIX}-delivery-boundary", {}),
    ("iam:CreatePolicyVersion", f"{IAM}:policy/{PREFIX}-delivery-read", {}),
    (
        "iam:AddClientIDToOpenIDConnectProvider",
        f"{IAM}:oidc-provider/token.actions.githubusercontent.com",
        {},
    ),
    ("s3:PutBucketPolicy", STATE, {}),
    ("s3:DeleteBucketPolicy", PLANS, {}),
    ("s3:PutLifecycleConfiguration", PLANS, {}),
    ("s3:PutBucketVersioning", STATE, {}),
    ("s3:DeleteBucket", STATE, {}),
    ("s3:DeleteObjectVersion", f"{STATE}/iam/dev/terraform.tfstate", {}),
    ("s3:DeleteObject", f"{PLANS}/documents/abc.json", {}),
    ("s3:PutObject", f"{PLANS}/documents/abc.json", OVERWRITE),
    ("kms:PutKeyPolicy", KEY, {"aws:ResourceTag/stage": "dev"}),
    ("kms:ScheduleKeyDeletion", KEY, {"aws:ResourceTag/stage": "dev"}),
    ("kms:DeleteAlias", arn("kms", f"alias/{PREFIX}-delivery"), {}),
    ("cloudformation:UpdateStack", arn("cloudformation", f"stack/{PREFIX}-bootstrap/x"), {}),
    # Data of users.
    ("dynamodb:GetItem", arn("dynamodb", f"table/{PREFIX}-orders"), {}),
    ("sqs:ReceiveMessage", arn("sqs", f"{PREFIX}-orders"), {}),
    ("logs:GetLogEvents", arn("logs", f"log-group:/aws/lambda/{PREFIX}-api:*"), {}),
    ("s3:GetObject", f"arn:aws:s3:::{PREFIX}-receipts-{ACCOUNT}/receipts/1.json", {}),
    ("lambda:InvokeFunction", arn("lambda", f"function:{PREFIX}-api"), {}),
]
PREVIEW_MAY: list[Case] = [
    ("s3:PutObject", f"{STATE}/iam/pr12/terraform.tfstate", {}),
    ("s3:PutObject", f"{STATE}/fingerprints/pr12/iam.json", {}),
    ("s3:PutObject", f"{STATE}/previews/pr12.json", {}),
    ("s3:GetObject", f"{STATE}/terraform.tfstate", {}),
    ("s3:GetObject", f"{PLANS}/packages/abc.zip", {}),
    ("lambda:CreateFunction", arn("lambda", "function:acme-useast1-pr12-api"), {}),
    ("dynamodb:PutItem", arn("dynamodb", "table/acme-useast1-pr12-orders"), {}),
    (
        "iam:CreateRole",
        f"{IAM}:role/acme-useast1-pr12-api",
        {"iam:PermissionsBoundary": f"{IAM}:policy/acme-useast1-pr12-boundary"},
    ),
    ("cognito-idp:DeleteUserPool", POOL, PREVIEW_TAG),
]
PREVIEW_MAY_NOT: list[Case] = [
    ("s3:PutObject", f"{STATE}/terraform.tfstate", {}),
    ("s3:GetObject", f"{STATE}/iam/dev/terraform.tfstate", {}),
    ("s3:PutObject", f"{STATE}/iam/dev/terraform.tfstate", {}),
    ("s3:GetObject", f"{PLANS}/files/abc.tfplan", {}),
    ("s3:PutObject", f"{PLANS}/documents/abc.json", ONCE),
    ("lambda:UpdateAlias", arn("lambda", f"function:{PREFIX}-api"), {}),
    ("dynamodb:DeleteTable", arn("dynamodb", f"table/{PREFIX}-orders"), {}),
    ("dynamodb:GetItem", arn("dynamodb", "table/acme-useast1-pr12-orders"), {}),
    ("iam:CreateRole", f"{IAM}:role/acme-useast1-pr12-api", {}),
    ("iam:CreateRole", f"{IAM}:role/acme-useast1-pr12-api", BOUNDARY),
    ("iam:PutRolePolicy", f"{IAM}:role/{PREFIX}-api", BOUNDARY),
    ("iam:UpdateAssumeRolePolicy", f"{IAM}:role/{PREFIX}-apply", {}),
    ("iam:PassRole", f"{IAM}:role/{PREFIX}-apply", TO_LAMBDA),
    ("cognito-idp:DeleteUserPool", POOL, {"aws:ResourceTag/stage": "dev"}),
    ("kms:PutKeyPolicy", KEY, PREVIEW_TAG),
    ("kms:PutKeyPolicy", arn("kms", "key/other"), {"aws:ResourceTag/stage": "dev"}),
    ("s3:PutBucketPolicy", STATE, {}),
]


@pytest.mark.parametrize(
    ("kind", "case"),
    [
        *(("plan", case) for case in PLAN_MAY),
        *(("apply", case) for case in APPLY_MAY),
        *(("preview", case) for case in PREVIEW_MAY),
    ],
)
def test_a_role_may_do_its_work(kind: str, case: Case) -> None:
    assert may(kind, case)


@pytest.mark.parametrize(
    ("kind", "case"),
    [
        *(("plan", case) for case in PLAN_MAY_NOT),
        *(("apply", case) for case in APPLY_MAY_NOT),
        *(("preview", case) for case in PREVIEW_MAY_NOT),
    ],
)
def test_a_role_may_do_nothing_else(kind: str, case: Case) -> None:
    assert not may(kind, case)


@pytest.mark.parametrize("kind", ["plan", "apply"])
def test_a_request_without_tls_is_refused_where_there_is_tls(kind: str) -> None:
    state: Case = (
        "s3:GetObject",
        f"{STATE}/iam/dev/terraform.tfstate",
        {"aws:SecureTransport": "false"},
    )

    assert not may(kind, state)
    assert may(kind, state, TlsOnly="false")


def test_buckets_are_emptied_only_where_nothing_is_worth_keeping() -> None:
    receipt: Case = (
        "s3:DeleteObjectVersion",
        f"arn:aws:s3:::{PREFIX}-receipts-{ACCOUNT}/receipts/1.json",
        {},
    )

    assert may("apply", receipt)
    assert not may("apply", receipt, DisposableData="false")


def test_a_locked_boundary_can_be_made_but_not_changed() -> None:
    boundary = f"{IAM}:policy/{PREFIX}-boundary"
    made: Case = ("iam:CreatePolicy", boundary, {})
    changed: Case = ("iam:CreatePolicyVersion", boundary, {})

    assert may("apply", made, BoundaryChanges="locked")
    assert may("apply", changed)
    assert not may("apply", changed, BoundaryChanges="locked")
