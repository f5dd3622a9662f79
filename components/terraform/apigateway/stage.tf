# How the API is served: one stage at the root of its URL, throttled, each request one line in the access log.

variable "throttling_rate_limit" {
  description = "Requests a second, steady, that the API serves; more get 429. It bounds the bill as well as the load."
  type        = number

  validation {
    condition     = var.throttling_rate_limit > 0 && var.throttling_rate_limit <= 10000
    error_message = "throttling_rate_limit must be above 0 and at most 10000, an account's default limit."
  }
}

variable "throttling_burst_limit" {
  description = "Requests the API serves at one instant before throttling_rate_limit holds."
  type        = number

  validation {
    condition     = var.throttling_burst_limit >= 1 && var.throttling_burst_limit <= 5000 && floor(var.throttling_burst_limit) == var.throttling_burst_limit
    error_message = "throttling_burst_limit must be a whole number from 1 to 5000, an account's default limit."
  }
}

variable "log_retention_days" {
  description = "Days CloudWatch keeps the access log. Stored lines are billed monthly; deleted ones cannot be recovered."
  type        = number

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be one CloudWatch offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "kms_key_arn" {
  description = "KMS key of the access log; null uses a key AWS owns, which costs nothing and cannot be revoked."
  type        = string
  default     = null
}

resource "aws_cloudwatch_log_group" "access" {
  name              = local.names.api_access_logs
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    detailed_metrics_enabled = true
    throttling_rate_limit    = var.throttling_rate_limit
    throttling_burst_limit   = var.throttling_burst_limit
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    # Who, which route, how long and how it ended; never a body, a query string, a token or a path, which may hold an id.
    format = jsonencode({
      requestId          = "$context.requestId"
      requestTime        = "$context.requestTime"
      routeKey           = "$context.routeKey"
      status             = "$context.status"
      latency            = "$context.responseLatency"
      integrationLatency = "$context.integrationLatency"
      integrationError   = "$context.integrationErrorMessage"
      authorizerError    = "$context.authorizer.error"
      sub                = var.authorizer == "jwt" ? "$context.authorizer.claims.sub" : "$context.authorizer.sub"
    })
  }
}
