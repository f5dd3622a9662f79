output "function_names" {
  description = "Function name by role."
  value       = { for role, function in module.function : role => function.name }
}

output "function_arns" {
  description = "Function ARN by role, without a version."
  value       = { for role, function in module.function : role => function.arn }
}

output "alias_arns" {
  description = "ARN of alias `live` by role: what schedules and event sources invoke."
  value       = { for role, function in module.function : role => function.alias_arn }
}

output "alias_invoke_arns" {
  description = "URI by role under which API Gateway invokes alias `live`."
  value       = { for role, function in module.function : role => function.alias_invoke_arn }
}

output "log_group_names" {
  description = "Log group name by role."
  value       = { for role, function in module.function : role => function.log_group_name }
}
