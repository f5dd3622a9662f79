variable "retention_days" {
  description = "Days the journal is kept."
  type        = number
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "${local.names.lambda_log_prefix}-journal"
  retention_in_days = var.retention_days
}
