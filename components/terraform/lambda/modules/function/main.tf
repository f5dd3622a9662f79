# One function: its log group, its code as a published version, and the alias everything else calls.

resource "aws_cloudwatch_log_group" "this" {
  name              = var.log_group_name
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = var.role_arn
  package_type  = "Zip"
  runtime       = var.settings.runtime
  handler       = var.settings.handler
  # Fixed: packages are built for arm64, which also costs a fifth less per GB-second than x86_64.
  architectures = ["arm64"]

  s3_bucket        = var.package.bucket
  s3_key           = var.package.key
  source_code_hash = var.package.base64_sha256
  publish          = true

  memory_size                    = var.settings.memory_mb
  timeout                        = var.settings.timeout_seconds
  reserved_concurrent_executions = var.settings.reserved_concurrency
  kms_key_arn                    = var.kms_key_arn

  environment {
    variables = var.environment
  }

  logging_config {
    # The reference creates the group first, so Lambda never creates one of its own that keeps lines for ever.
    log_group  = aws_cloudwatch_log_group.this.name
    log_format = "JSON"
    # Wins over POWERTOOLS_LOG_LEVEL where they differ, so both are the component's log_level.
    application_log_level = var.log_level
    # INFO keeps the platform.report lines, the source of memory and cold-start figures.
    system_log_level = "INFO"
  }

  tracing_config {
    mode = var.tracing_mode
  }
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = "The version that serves; a release moves it."
  function_name    = aws_lambda_function.this.function_name
  function_version = aws_lambda_function.this.version

  lifecycle {
    # Terraform points it at the first version; from then on `blueprint release` moves it, also by weights.
    ignore_changes = [function_version, routing_config]
  }
}
