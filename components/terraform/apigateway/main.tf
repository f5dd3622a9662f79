# The HTTP API: every route of the contract, all served by one function behind alias `live`.

variable "api_type" {
  description = "Kind of API Gateway API. Only http is built today."
  type        = string
  default     = "http"

  validation {
    condition     = contains(["http"], var.api_type)
    error_message = "api_type must be http; other kinds are not built yet."
  }
}

variable "alias_invoke_arns" {
  description = "Invoke ARN of alias `live` by role, from the lambda component: `api`, and `authorizer` where authorizer is lambda."
  type        = map(string)

  validation {
    condition     = contains(keys(var.alias_invoke_arns), "api")
    error_message = "alias_invoke_arns has no entry for api. Apply the lambda component with that function first."
  }
}

variable "function_names" {
  description = "Function name by role, from the lambda component: whom this API gets permission to invoke."
  type        = map(string)

  validation {
    condition     = contains(keys(var.function_names), "api")
    error_message = "function_names has no entry for api. Apply the lambda component with that function first."
  }
}

locals {
  # A release moves this alias from version to version; the API never calls a version or $LATEST directly.
  alias = "live"

  # The most an HTTP API waits, and its default: said here because objectives are measured by it.
  integration_timeout_ms = 30000
}

resource "aws_apigatewayv2_api" "this" {
  name          = "${local.prefix}-api"
  description   = local.contract.info.title
  version       = local.contract.info.version
  protocol_type = "HTTP"

  dynamic "cors_configuration" {
    for_each = length(var.cors_allowed_origins) > 0 ? [local.cors] : []

    content {
      allow_origins     = cors_configuration.value.origins
      allow_methods     = cors_configuration.value.methods
      allow_headers     = cors_configuration.value.request_headers
      expose_headers    = cors_configuration.value.response_headers
      allow_credentials = cors_configuration.value.credentials
      max_age           = cors_configuration.value.max_age_seconds
    }
  }

  lifecycle {
    precondition {
      condition     = length(local.misstated) == 0
      error_message = "${var.contract_file}: ${join(", ", local.misstated)} must say who may call it: `security: []` for everyone, or `security: [{oauth2: [<scope>]}]` with one scope."
    }
  }
}

resource "aws_apigatewayv2_integration" "api" {
  api_id                 = aws_apigatewayv2_api.this.id
  description            = "Function ${var.function_names["api"]}, alias ${local.alias}"
  integration_type       = "AWS_PROXY"
  integration_uri        = var.alias_invoke_arns["api"]
  payload_format_version = "2.0"
  timeout_milliseconds   = local.integration_timeout_ms
}

resource "aws_apigatewayv2_route" "this" {
  for_each = local.routes

  api_id               = aws_apigatewayv2_api.this.id
  route_key            = each.key
  target               = "integrations/${aws_apigatewayv2_integration.api.id}"
  authorization_type   = each.value.public ? "NONE" : local.authorization_type
  authorizer_id        = each.value.public ? null : local.authorizer_id
  authorization_scopes = each.value.public || var.authorizer != "jwt" ? null : each.value.accepted_scopes

  # A route uses an authorizer only while API Gateway may invoke it.
  depends_on = [aws_lambda_permission.authorizer]
}

resource "aws_lambda_permission" "api" {
  statement_id  = "api-gateway"
  action        = "lambda:InvokeFunction"
  function_name = var.function_names["api"]
  qualifier     = local.alias
  principal     = "apigateway.amazonaws.com"
  # Any stage and route, but of this API only.
  source_arn = "${aws_apigatewayv2_api.this.execution_arn}/*/*"
}
