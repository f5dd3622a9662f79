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
