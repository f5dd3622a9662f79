output "api_id" {
  description = "Identifier of the API, the dimension ApiId of its metrics."
  value       = aws_apigatewayv2_api.this.id
}

output "api_endpoint" {
  description = "URL the API is served under, without a trailing slash."
  value       = aws_apigatewayv2_api.this.api_endpoint
}

output "execution_arn" {
  description = "ARN prefix of the API's stages and routes, as permissions name them."
  value       = aws_apigatewayv2_api.this.execution_arn
}

output "stage_name" {
  description = "Name of the served stage, the dimension Stage of its metrics."
  value       = aws_apigatewayv2_stage.default.name
}

output "api" {
  description = "The API as observability watches it: `id` and `stage` are the dimensions of an HTTP API's metrics, `name` and `stage` those of a REST API's; after `integration_timeout_ms` the gateway answers 504 in the function's stead."
  value = {
    type                   = var.api_type
    id                     = aws_apigatewayv2_api.this.id
    name                   = "${local.prefix}-api"
    stage                  = "$default"
    integration_timeout_ms = local.integration_timeout_ms
    access_log_group_name  = local.names.api_access_logs
  }
}
