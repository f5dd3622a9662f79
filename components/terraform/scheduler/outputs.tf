output "schedule_name" {
  description = "Name of the schedule."
  value       = aws_scheduler_schedule.resend_orders.name
}

output "schedule_arn" {
  description = "ARN of the schedule."
  value       = aws_scheduler_schedule.resend_orders.arn
}

output "schedules" {
  description = "The schedules by key as observability watches them: the role of the function each invokes, and the seconds between two runs, null where nobody can miss one (a cron expression, a disabled schedule). Computed from the values, so that a plan knows it before the schedule exists."
  value = {
    resend-orders = {
      name           = local.names.schedule
      group          = "default"
      function       = "scheduler"
      period_seconds = var.state == "ENABLED" ? try(tonumber(local.rate[0]) * local.rate_unit_seconds[trimsuffix(local.rate[1], "s")], null) : null
    }
  }
}

locals {
  rate              = try(regex("^rate\\(([0-9]+) ([a-z]+)\\)$", var.schedule_expression), null)
  rate_unit_seconds = { minute = 60, hour = 3600, day = 86400 }
}
