# The ceiling over every role of the environment: whatever is attached to a role later, it cannot reach past the names of this
# environment. Data operations only; creating and deleting infrastructure is the deployment role's business.

data "aws_iam_policy_document" "boundary" {
  statement {
    sid       = "WriteLogsOfThisEnvironment"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:${local.partition}:logs:${local.own_account}:log-group:${local.names.lambda_log_prefix}-*:*"]
  }

  statement {
    sid       = "SendTraces"
    actions   = local.tracing_actions
    resources = ["*"]
  }

  statement {
    sid = "ReadAndWriteItems"
    actions = [
      "dynamodb:BatchGetItem",
      "dynamodb:BatchWriteItem",
      "dynamodb:ConditionCheckItem",
      "dynamodb:DeleteItem",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:UpdateItem",
    ]
    resources = [local.arns.table, "${local.arns.table}/index/*"]
  }

  statement {
    sid = "ExchangeMessages"
    actions = [
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
    ]
    resources = ["arn:${local.partition}:sqs:${local.own_account}:${local.prefix}-*"]
  }

  statement {
    sid       = "ReadAndWriteReceipts"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = [local.arns.receipts]
  }

  statement {
    sid       = "InvokeFunctionsOfThisEnvironment"
    actions   = ["lambda:InvokeFunction"]
    resources = ["arn:${local.partition}:lambda:${local.own_account}:function:${local.prefix}-*"]
  }

  # A canary (component observability) is a function that Synthetics makes and names itself.
  statement {
    sid       = "LogRunsOfTheCanary"
    actions   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:${local.partition}:logs:${local.own_account}:log-group:/aws/lambda/cwsyn-${local.prefix}-*"]
  }

  statement {
    sid     = "KeepRunsOfTheCanary"
    actions = ["s3:GetBucketLocation", "s3:GetObject", "s3:PutObject"]
    resources = [
      "arn:${local.partition}:s3:::${local.prefix}-canary-${var.account_id}",
      "arn:${local.partition}:s3:::${local.prefix}-canary-${var.account_id}/*",
    ]
  }

  statement {
    sid       = "ReportRunsOfTheCanary"
    actions   = ["cloudwatch:PutMetricData"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "cloudwatch:namespace"
      values   = ["CloudWatchSynthetics"]
    }
  }

  dynamic "statement" {
    for_each = local.kms_key_arns

    content {
      sid       = "UseTheEnvironmentKey"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [statement.value]
    }
  }

  # What is not allowed above is refused anyway, except where a resource policy names a role session directly: that bypasses a
  # boundary's silence, not its deny.
  statement {
    sid       = "NeverChangeIdentitiesOrTheOrganisation"
    effect    = "Deny"
    actions   = ["account:*", "iam:*", "organizations:*"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "boundary" {
  name        = "${local.prefix}-boundary"
  description = "Permissions boundary of every role in ${local.prefix}"
  policy      = data.aws_iam_policy_document.boundary.json
}
