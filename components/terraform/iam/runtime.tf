# What every function needs to run, whatever it does. Metrics need no permission: they travel in the log (embedded metric format).

locals {
  tracing_actions = [
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
  ]
}

data "aws_iam_policy_document" "runtime" {
  for_each = local.functions

  # No logs:CreateLogGroup: Terraform makes the group, with its retention; Lambda would make one that never expires.
  statement {
    sid       = "WriteOwnLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:${local.partition}:logs:${local.own_account}:log-group:${local.names.lambda_log_prefix}-${each.key}:*"]
  }

  # X-Ray has no resources to name: AWS supports these actions on "*" only.
  statement {
    sid       = "SendTraces"
    actions   = local.tracing_actions
    resources = ["*"]
  }

  dynamic "statement" {
    for_each = local.kms_key_arns

    content {
      sid       = "DecryptOwnEnvironmentVariables"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]

      # The context names the published version where one runs.
      condition {
        test     = "StringLike"
        variable = "kms:EncryptionContext:aws:lambda:FunctionArn"
        values = [
          "arn:${local.partition}:lambda:${local.own_account}:function:${local.prefix}-${each.key}",
          "arn:${local.partition}:lambda:${local.own_account}:function:${local.prefix}-${each.key}:*",
        ]
      }
    }
  }
}
