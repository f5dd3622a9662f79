# Who this deployment is, and how everything in it is named. Identical in every component (`make fix` copies it from
# components/terraform/_shared, `make check` compares): names are derived from the context alone, so `iam` can grant access to
# a table or a queue by its exact ARN before either exists.

variable "namespace" {
  description = "Organisation or team that owns the deployment; the first part of every name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,11}$", var.namespace))
    error_message = "namespace must be 2 to 12 lower-case letters and digits, starting with a letter."
  }
}

variable "stage" {
  description = "Deployment stage, such as dev or prod; also the name of the Atmos stack."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,9}$", var.stage))
    error_message = "stage must be 2 to 10 lower-case letters and digits, starting with a letter."
  }
}

variable "region" {
  description = "AWS region of every resource, for example us-east-1."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be an AWS region name such as us-east-1."
  }
}

variable "account_id" {
  description = "AWS account the stack belongs to. Terraform refuses to touch any other account."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.account_id))
    error_message = "account_id must be the 12 digits of an AWS account, quoted in YAML so that leading zeros survive."
  }
}

locals {
  # Longest prefix: 12 + 12 (apsoutheast1) + 10 + 2 dashes = 36, which leaves 27 characters of IAM's 64 for a role's own name.
  prefix = "${var.namespace}-${replace(var.region, "-", "")}-${var.stage}"

  names = {
    table             = "${local.prefix}-orders"
    orders_queue      = "${local.prefix}-orders"
    orders_dlq        = "${local.prefix}-orders-dlq"
    schedule_dlq      = "${local.prefix}-schedule-dlq"
    failures_queue    = "${local.prefix}-failures"
    artifacts_bucket  = "${local.prefix}-artifacts-${var.account_id}"
    receipts_bucket   = "${local.prefix}-receipts-${var.account_id}"
    schedule          = "${local.prefix}-resend-orders"
    api_access_logs   = "/aws/apigateway/${local.prefix}"
    lambda_log_prefix = "/aws/lambda/${local.prefix}"
  }

  tags = {
    namespace  = var.namespace
    stage      = var.stage
    managed_by = "terraform"
    component  = basename(abspath(path.root))
  }
}
