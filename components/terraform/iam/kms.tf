# One key for the whole environment. It lives here because the key policy and the roles' key statements are one decision, and
# because everything encrypted with it is created after the roles.

locals {
  # Empty without a key, so `for_each` over it makes a statement vanish.
  kms_key_arns = aws_kms_key.this[*].arn

  # A role may use the key only when the named service asks on its behalf, never directly.
  kms_via = {
    for service in ["dynamodb", "s3", "sqs"] : service => "${service}.${var.region}.amazonaws.com"
  }
}

data "aws_iam_policy_document" "key" {
  count = var.kms_key_enabled ? 1 : 0

  # In a key policy "*" means this key. Without this statement IAM policies have no effect on the key, and a mistake in the rest
  # would lock everybody out for good.
  statement {
    sid       = "LetIamPoliciesOfTheAccountDecide"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${var.account_id}:root"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalAccount"
      values   = [var.account_id]
    }
  }

  statement {
    sid = "EncryptLogGroupsOfThisEnvironment"
    actions = [
      "kms:Decrypt*",
      "kms:Describe*",
      "kms:Encrypt*",
      "kms:GenerateDataKey*",
      "kms:ReEncrypt*",
    ]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["logs.${var.region}.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "kms:EncryptionContext:aws:logs:arn"
      values = [
        "arn:${local.partition}:logs:${local.own_account}:log-group:${local.names.lambda_log_prefix}-*",
        "arn:${local.partition}:logs:${local.own_account}:log-group:${local.names.api_access_logs}",
      ]
    }
  }

  # An alarm publishes to an encrypted topic as the CloudWatch service, not with a role.
  statement {
    sid       = "LetAlarmsPublishToTheTopics"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${local.partition}:cloudwatch:${local.own_account}:alarm:${local.prefix}-*"]
    }
  }

  # So does the budget, which knows its account and no region.
  statement {
    sid       = "LetTheBudgetPublishToTheTopic"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = ["budgets.amazonaws.com"]
    }

    condition {
      test     = "ArnLike"
      variable = "aws:SourceArn"
      values   = ["arn:${local.partition}:budgets::${var.account_id}:*"]
    }
  }
}

resource "aws_kms_key" "this" {
  count = var.kms_key_enabled ? 1 : 0

  description             = "Data of ${local.prefix}"
  policy                  = data.aws_iam_policy_document.key[0].json
  enable_key_rotation     = true
  deletion_window_in_days = var.kms_deletion_window_days
}

resource "aws_kms_alias" "this" {
  count = var.kms_key_enabled ? 1 : 0

  name          = "alias/${local.prefix}"
  target_key_id = aws_kms_key.this[0].key_id
}
