variable "artifacts_bucket" {
  description = "Bucket that holds the package."
  type        = string
}

variable "log_retention_days" {
  description = "Days CloudWatch keeps log lines."
  type        = number
}

locals {
  package = jsondecode(file("${path.root}/../../../build/packages.json")).packages.api
  log     = { Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "${aws_cloudwatch_log_group.this.arn}:*" }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "${local.names.lambda_log_prefix}-api"
  retention_in_days = var.log_retention_days
}

resource "aws_iam_policy" "boundary" {
  name   = "${local.prefix}-boundary"
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.log] })
}

resource "aws_iam_role" "api" {
  name                 = "${local.prefix}-api"
  permissions_boundary = aws_iam_policy.boundary.arn

  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy" "log" {
  name   = "log"
  role   = aws_iam_role.api.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.log] })
}

resource "aws_lambda_function" "api" {
  function_name    = "${local.prefix}-api"
  role             = aws_iam_role.api.arn
  runtime          = "python3.11"
  handler          = "services.api.handler.lambda_handler"
  architectures    = ["arm64"]
  s3_bucket        = var.artifacts_bucket
  s3_key           = local.package.key
  source_code_hash = local.package.base64sha256
  publish          = true

  tracing_config {
    mode = "Active"
  }
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.api.function_name
  function_version = aws_lambda_function.api.version

  lifecycle {
    ignore_changes = [function_version, routing_config]
  }
}

output "function_names" {
  description = "Function name by role."
  value       = { api = aws_lambda_function.api.function_name }
}

output "alias_invoke_arns" {
  description = "URI of alias live by role."
  value       = { api = aws_lambda_alias.live.invoke_arn }
}
