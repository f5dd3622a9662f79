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

output "functions" {
  description = "The functions by role as observability watches them: what starts each, after how many seconds it is cut off, and whether asynchronous events it gives up on are kept. Computed from the values, so that a plan knows it before the functions exist."
  value = {
    for role, function in var.functions : role => {
      name                 = "${local.prefix}-${role}"
      timeout_seconds      = function.timeout_seconds
      memory_mb            = function.memory_mb
      invoked_by           = function.invoked_by != null ? function.invoked_by : function.event_source != null ? "queue" : "api"
      log_group_name       = "${local.names.lambda_log_prefix}-${role}"
      reserved_concurrency = function.reserved_concurrency
      failure_destination  = function.on_failure_arn != null
    }
  }
}
