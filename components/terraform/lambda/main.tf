# The functions: one local module instance per entry of var.functions, so that a new function is an entry in a stack.

locals {
  environments = {
    for role, function in var.functions : role => merge(function.environment, {
      POWERTOOLS_SERVICE_NAME      = role
      POWERTOOLS_METRICS_NAMESPACE = local.prefix
      POWERTOOLS_LOG_LEVEL         = var.log_level
      STAGE                        = var.stage
    })
  }
}

module "function" {
  source   = "./modules/function"
  for_each = var.functions

  name     = "${local.prefix}-${each.key}"
  role_arn = var.role_arns[each.key]
  settings = each.value

  environment = local.environments[each.key]

  # The key by way of the object, so that a package nobody uploaded stops the apply before the first function is touched.
  package = {
    bucket        = var.artifacts_bucket
    key           = data.aws_s3_objects.package[each.key].prefix
    base64_sha256 = local.packages[each.key].base64sha256
  }

  log_group_name     = "${local.names.lambda_log_prefix}-${each.key}"
  log_retention_days = var.log_retention_days
  log_level          = var.log_level
  tracing_mode       = var.tracing_mode
  kms_key_arn        = var.kms_key_arn

  async_maximum_retry_attempts    = var.async_maximum_retry_attempts
  async_maximum_event_age_seconds = var.async_maximum_event_age_seconds
}
