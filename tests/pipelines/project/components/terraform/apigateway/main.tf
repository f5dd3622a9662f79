variable "endpoint_url" {
  description = "Below which address APIs answer: no name of theirs can be resolved here."
  type        = string
}

variable "alias_invoke_arn" {
  description = "URI under which the function is invoked."
  type        = string
}

variable "function_name" {
  description = "Name of the function."
  type        = string
}

variable "throttling_rate_limit" {
  description = "Requests a second."
  type        = number
}

variable "log_retention_days" {
  description = "Days the access log is kept."
  type        = number
}

resource "aws_cloudwatch_log_group" "access" {
  name              = local.names.api_access_logs
  retention_in_days = var.log_retention_days
}

resource "aws_apigatewayv2_api" "this" {
  name          = "${local.prefix}-api"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_burst_limit = 100
    throttling_rate_limit  = var.throttling_rate_limit
  }
}

resource "aws_apigatewayv2_integration" "function" {
  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_uri        = var.alias_invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_authorizer" "jwt" {
  api_id           = aws_apigatewayv2_api.this.id
  name             = "jwt"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = "https://issuer.example.com"
    audience = ["orders"]
  }
}

resource "aws_apigatewayv2_route" "health" {
  api_id    = aws_apigatewayv2_api.this.id
  route_key = "GET /health"
  target    = "integrations/${aws_apigatewayv2_integration.function.id}"
}

resource "aws_apigatewayv2_route" "items" {
  api_id             = aws_apigatewayv2_api.this.id
  route_key          = "GET /items"
  target             = "integrations/${aws_apigatewayv2_integration.function.id}"
  authorization_type = "JWT"
  authorizer_id      = aws_apigatewayv2_authorizer.jwt.id
}

resource "aws_lambda_permission" "invoke" {
  statement_id  = "api"
  action        = "lambda:InvokeFunction"
  function_name = var.function_name
  qualifier     = "live"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/*/*"
}

output "api_id" {
  description = "The API's ID."
  value       = aws_apigatewayv2_api.this.id
}

output "api_endpoint" {
  description = "Where the API answers."
  value       = "${var.endpoint_url}/${aws_apigatewayv2_api.this.id}"
}
