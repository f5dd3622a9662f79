locals {
  queues = {
    orders       = aws_sqs_queue.orders
    dlq          = aws_sqs_queue.dlq
    schedule_dlq = aws_sqs_queue.schedule_dlq
    failures     = aws_sqs_queue.failures
  }
}

data "aws_iam_policy_document" "tls_only" {
  for_each = var.tls_only ? local.queues : {}

  statement {
    sid       = "RefuseRequestsWithoutTls"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [each.value.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "tls_only" {
  for_each = var.tls_only ? local.queues : {}

  queue_url = each.value.url
  policy    = data.aws_iam_policy_document.tls_only[each.key].json
}
