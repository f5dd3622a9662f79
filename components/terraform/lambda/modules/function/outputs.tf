output "name" {
  description = "Function name."
  value       = aws_lambda_function.this.function_name
}

output "arn" {
  description = "Function ARN, without a version."
  value       = aws_lambda_function.this.arn
}

output "alias_arn" {
  description = "ARN of alias `live`."
  value       = aws_lambda_alias.live.arn
}

output "alias_invoke_arn" {
  description = "URI under which API Gateway invokes alias `live`."
  value       = aws_lambda_alias.live.invoke_arn
}

output "log_group_name" {
  description = "Log group name."
  value       = aws_cloudwatch_log_group.this.name
}
