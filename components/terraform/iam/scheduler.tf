data "aws_iam_policy_document" "scheduler" {
  source_policy_documents = [data.aws_iam_policy_document.runtime["scheduler"].json]

  statement {
    sid       = "FindPendingOrders"
    actions   = ["dynamodb:Query"]
    resources = [local.arns.index]
  }

  statement {
    sid       = "PostponeSentOrders"
    actions   = ["dynamodb:UpdateItem"]
    resources = [local.arns.table]
  }

  statement {
    sid       = "ResendOrders"
    actions   = ["sqs:SendMessage"]
    resources = [local.arns.orders_queue]
  }

  # Lambda delivers to an on-failure destination with the function's own role.
  statement {
    sid       = "ReportFailedInvocations"
    actions   = ["sqs:SendMessage"]
    resources = [local.arns.failures_queue]
  }

  dynamic "statement" {
    for_each = local.kms_key_arns

    content {
      sid       = "UseTheKeyThroughTableAndQueues"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = [local.kms_via.dynamodb, local.kms_via.sqs]
      }
    }
  }
}

resource "aws_iam_role" "scheduler" {
  name                 = "${local.prefix}-scheduler"
  description          = "Function scheduler: sends orders again that stayed pending"
  assume_role_policy   = data.aws_iam_policy_document.lambda_trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy" "scheduler" {
  name   = "scheduler"
  role   = aws_iam_role.scheduler.name
  policy = data.aws_iam_policy_document.scheduler.json
}
