data "aws_iam_policy_document" "api" {
  source_policy_documents = [data.aws_iam_policy_document.runtime["api"].json]

  # A transaction is authorised as the operations it consists of: those of the api only put.
  statement {
    sid = "ReadItemsAndPutProfilesAndOrders"
    actions = [
      "dynamodb:BatchGetItem",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
    ]
    resources = [local.arns.table]
  }

  statement {
    sid       = "ListTheCatalogue"
    actions   = ["dynamodb:Query"]
    resources = [local.arns.index]
  }

  statement {
    sid       = "AnnounceOrders"
    actions   = ["sqs:SendMessage"]
    resources = [local.arns.orders_queue]
  }

  dynamic "statement" {
    for_each = local.kms_key_arns

    content {
      sid       = "UseTheKeyThroughTableAndQueue"
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

resource "aws_iam_role" "api" {
  name                 = "${local.prefix}-api"
  description          = "Function api: answers HTTP requests"
  assume_role_policy   = data.aws_iam_policy_document.lambda_trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy" "api" {
  name   = "api"
  role   = aws_iam_role.api.name
  policy = data.aws_iam_policy_document.api.json
}
