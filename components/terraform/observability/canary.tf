# A probe from outside: a Synthetics canary that asks for one path of the API every few minutes. It is the only thing that notices
# that nobody can reach an API which has no callers.

variable "canary_enabled" {
  description = <<-EOT
    Run a canary against the API. It costs 0.0012 USD a run (the account's first 100 a month are free) and its Lambda time: 10.25 USD
    a month at one every 5 minutes, 3.34 at one every 15. With it come the alarms probe-failed and no-traffic.
  EOT
  type        = bool
  default     = false

  validation {
    condition     = !var.canary_enabled || var.api != null
    error_message = "canary_enabled: there is no api to probe."
  }

  validation {
    condition     = !var.canary_enabled || var.canary_runtime != null
    error_message = "canary_enabled needs canary_runtime: AWS retires runtimes, so the blueprint names none. Take the newest syn-python-selenium of `aws synthetics describe-runtime-versions`."
  }
}

variable "canary_runtime" {
  description = "Runtime of the canary, the newest syn-python-selenium-<version>. The script uses the standard library alone and runs on any of them."
  type        = string
  default     = null

  validation {
    condition     = var.canary_runtime == null ? true : can(regex("^syn-python-selenium-[0-9]+\\.[0-9]+$", var.canary_runtime))
    error_message = "canary_runtime must be a runtime such as syn-python-selenium-5.1: the script is Python."
  }
}

variable "canary_interval_minutes" {
  description = "Minutes between two runs; half of it is how long an outage nobody else notices goes unseen on average."
  type        = number
  default     = 5

  validation {
    condition     = contains([1, 2, 3, 4, 5, 10, 15, 20, 30, 60], var.canary_interval_minutes)
    error_message = "canary_interval_minutes must be 1, 2, 3, 4, 5, 10, 15, 20, 30 or 60."
  }
}

variable "canary_url" {
  description = "What the canary asks for; null is /health of the API at its own address. Name the custom domain where there is one: its certificate and its DNS are then probed, too."
  type        = string
  default     = null

  validation {
    condition     = var.canary_url == null ? true : can(regex("^https://[^\\s?#]+$", var.canary_url))
    error_message = "canary_url must be an https URL without a query: it stands in the clear in the canary's settings."
  }
}

locals {
  canaries = var.canary_enabled ? local.resources.api : {}

  canary_bucket = "${local.prefix}-canary-${var.account_id}"
  canary_name   = { for key in keys(local.canaries) : key => "${local.prefix}-${key}" }

  canary_urls = {
    for key, api in local.canaries : key => coalesce(
      var.canary_url,
      "https://${api.id}.execute-api.${var.region}.${data.aws_partition.current.dns_suffix}${api.stage == "$default" ? "" : "/${api.stage}"}/health",
    )
  }

  # canary/health.py as a zip. Terraform makes none, and whoever applies a reviewed plan has nothing but the plan: so it lies beside
  # its source, and `make check` compares the two.
  canary_code = file("${path.module}/canary/health.zip.base64")
}

module "canary_bucket" {
  source = "../s3/modules/bucket"
  count  = length(local.canaries) > 0 ? 1 : 0

  name                               = local.canary_bucket
  kms_key_arn                        = var.kms_key_arn
  tls_only                           = true
  force_destroy                      = true # a canary's artifacts are worth as much as the canary
  noncurrent_version_expiration_days = 7
  expiration_days                    = 31 # as long as Synthetics itself keeps a run
}

# Beside the functions' packages, which are kept: what lies among the runs expires.
resource "aws_s3_object" "canary_code" {
  count = length(local.canaries) > 0 ? 1 : 0

  bucket         = local.names.artifacts_bucket
  key            = "functions/canary/${sha256(local.canary_code)}.zip"
  content_base64 = local.canary_code
  kms_key_id     = var.kms_key_arn
}

data "aws_iam_policy_document" "canary_trust" {
  statement {
    sid     = "LambdaRunsTheCanaryWithThisRole"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "canary" {
  statement {
    sid       = "KeepWhatARunFound"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["arn:${local.partition}:s3:::${local.canary_bucket}/*"]
  }

  statement {
    sid       = "FindTheBucket"
    actions   = ["s3:GetBucketLocation"]
    resources = ["arn:${local.partition}:s3:::${local.canary_bucket}"]
  }

  # Synthetics names the function, and so its log group, after the canary and a random number.
  statement {
    sid       = "WriteOwnLog"
    actions   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:${local.partition}:logs:${var.region}:${var.account_id}:log-group:/aws/lambda/cwsyn-${local.prefix}-*"]
  }

  statement {
    sid       = "ReportRuns"
    actions   = ["cloudwatch:PutMetricData"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "cloudwatch:namespace"
      values   = ["CloudWatchSynthetics"]
    }
  }

  dynamic "statement" {
    for_each = var.kms_key_arn[*]

    content {
      sid       = "EncryptWhatARunFound"
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [statement.value]

      condition {
        test     = "StringEquals"
        variable = "kms:ViaService"
        values   = ["s3.${var.region}.amazonaws.com"]
      }
    }
  }
}

resource "aws_iam_role" "canary" {
  count = length(local.canaries) > 0 ? 1 : 0

  name                 = "${local.prefix}-canary"
  description          = "What the canary of ${local.prefix} runs with"
  assume_role_policy   = data.aws_iam_policy_document.canary_trust.json
  permissions_boundary = "arn:${local.partition}:iam::${var.account_id}:policy/${local.prefix}-boundary"
}

resource "aws_iam_role_policy" "canary" {
  count = length(local.canaries) > 0 ? 1 : 0

  name   = "canary"
  role   = aws_iam_role.canary[0].name
  policy = data.aws_iam_policy_document.canary.json
}

resource "aws_synthetics_canary" "this" {
  for_each = local.canaries

  name                 = local.canary_name[each.key]
  artifact_s3_location = "s3://${module.canary_bucket[0].name}/runs/${each.key}"
  execution_role_arn   = aws_iam_role.canary[0].arn
  runtime_version      = var.canary_runtime
  handler              = "health.handler"
  s3_bucket            = aws_s3_object.canary_code[0].bucket
  s3_key               = aws_s3_object.canary_code[0].key
  s3_version           = aws_s3_object.canary_code[0].version_id
  start_canary         = true
  # The function Synthetics makes goes with the canary.
  delete_lambda            = true
  success_retention_period = 7
  failure_retention_period = 31

  schedule {
    expression = "rate(${var.canary_interval_minutes} minute${var.canary_interval_minutes == 1 ? "" : "s"})"
  }

  run_config {
    timeout_in_seconds    = 60
    active_tracing        = false # the function it reaches decides for itself
    environment_variables = { URL = local.canary_urls[each.key] }
  }

  dynamic "artifact_config" {
    for_each = var.kms_key_arn[*]

    content {
      s3_encryption {
        encryption_mode = "SSE_KMS"
        kms_key_arn     = artifact_config.value
      }
    }
  }

  # Its first run needs what the role may do.
  depends_on = [aws_iam_role_policy.canary]

  lifecycle {
    precondition {
      condition     = can(regex("^[0-9a-z_-]{1,255}$", local.canary_name[each.key]))
      error_message = "A canary's name is made of lower-case letters, digits, dashes and underscores: ${local.canary_name[each.key]} is not."
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "canary" {
  for_each = local.canaries

  alarm_name          = "${local.canary_name[each.key]}-probe-failed"
  alarm_description   = "API ${each.value.name}: two of three probes of ${local.canary_urls[each.key]} failed. Whoever calls from outside gets no answer, or a wrong one: the API, its name or its certificate. Owner: orders. Runbook: ${var.runbook_url_prefix}/probe-failed.md"
  namespace           = "CloudWatchSynthetics"
  metric_name         = "SuccessPercent"
  dimensions          = { CanaryName = local.canary_name[each.key] }
  statistic           = "Average"
  period              = 60 * max(5, var.canary_interval_minutes)
  comparison_operator = "LessThanThreshold"
  threshold           = 100
  datapoints_to_alarm = 2
  evaluation_periods  = 3
  # A probe that does not run tells nothing of the API; no-traffic tells of the probe.
  treat_missing_data = "notBreaching"
  alarm_actions      = local.actions.page
  ok_actions         = local.actions.page

  tags = { signal = "probe-failed", resource = each.key, severity = "page", owner = "orders" }
}
