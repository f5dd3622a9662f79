data "aws_iam_policy_document" "processor" {
  source_policy_documents = [data.aws_iam_policy_document.runtime["processor"].json]

  # The event source mapping polls with the function's role.
  statement {
    sid = "ConsumeOrders"
    actions = [
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
    ]
    resources = [local.arns.orders_queue]
  }

  statement {
    sid       = "ConfirmOrders"
    actions   = ["dynamodb:GetItem", "dynamodb:UpdateItem"]
    resources = [local.arns.table]
  }

  statement {
    sid       = "WriteReceipts"
    actions   = ["s3:PutObject"]
    resources = [local.arns.receipts]
  }

  dynamic "statement" {
    for_each = local.kms_key_arns

    content {
      sid       = "ReadThroughTableAndQueue"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = [local.kms_via.dynamodb, local.kms_via.sqs]
      }
    }
  }

  dynamic "statement" {
    for_each = local.kms_key_arns

    content {
      sid       = "EncryptReceipts"
      actions   = ["kms:GenerateDataKey"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = [local.kms_via.s3]
      }
    }
  }
}

resource "aws_iam_role" "processor" {
  name                 = "${local.prefix}-processor"
  description          = "Function processor: confirms orders from the queue"
  assume_role_policy   = data.aws_iam_policy_document.lambda_trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy" "processor" {
  name   = "processor"
  role   = aws_iam_role.processor.name
  policy = data.aws_iam_policy_document.processor.json
}
