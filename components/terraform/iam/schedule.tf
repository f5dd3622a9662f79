# The role EventBridge Scheduler takes on; not to be confused with the role of the function it invokes (scheduler.tf).

data "aws_iam_policy_document" "schedule" {
  statement {
    sid       = "InvokeTheReleasedScheduler"
    actions   = ["lambda:InvokeFunction"]
    resources = [local.arns.scheduler_alias]
  }

  statement {
    sid       = "KeepWhatCouldNotBeDelivered"
    actions   = ["sqs:SendMessage"]
    resources = [local.arns.schedule_dlq]
  }

  dynamic "statement" {
    for_each = local.kms_key_arns

    content {
      sid       = "ReadTheEncryptedSchedule"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]

      condition {
        test     = "ArnLike"
        variable = "kms:EncryptionContext:aws:scheduler:schedule:arn"
        values   = [local.arns.schedule]
      }
    }
  }

  dynamic "statement" {
    for_each = local.kms_key_arns

    content {
      sid       = "EncryptWhatCouldNotBeDelivered"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = [local.kms_via.sqs]
      }
    }
  }
}

resource "aws_iam_role" "schedule" {
  name                 = "${local.prefix}-schedule"
  description          = "EventBridge Scheduler: invokes the function scheduler"
  assume_role_policy   = data.aws_iam_policy_document.scheduler_trust.json
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy" "schedule" {
  name   = "schedule"
  role   = aws_iam_role.schedule.name
  policy = data.aws_iam_policy_document.schedule.json
}
