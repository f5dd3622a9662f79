output "topic_arns" {
  description = "ARN of the topics by severity: page and ticket."
  value       = local.topic_arns
}

output "alarm_names" {
  description = "Names of the alarms on metrics, sorted; empty in a tier without any."
  value       = sort([for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name])
}

output "composite_alarm_names" {
  description = "Names of the composite alarms by what they are for: page, ticket, deploy. A rollout reads `deploy` and goes back while it is in alarm."
  value = merge(
    { for alarm in aws_cloudwatch_composite_alarm.page : "page" => alarm.alarm_name },
    { for alarm in aws_cloudwatch_composite_alarm.ticket : "ticket" => alarm.alarm_name },
    { for alarm in aws_cloudwatch_composite_alarm.deploy : "deploy" => alarm.alarm_name },
  )
}

output "dashboard_names" {
  description = "Names of the dashboards by key; empty in a tier without any."
  value       = { for key, dashboard in aws_cloudwatch_dashboard.this : key => dashboard.dashboard_name }
}
