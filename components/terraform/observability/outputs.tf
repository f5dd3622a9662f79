output "topic_arn" {
  description = "ARN of the topic alarms go to."
  value       = aws_sns_topic.alarms.arn
}

output "dashboard_name" {
  description = "Name of the CloudWatch dashboard."
  value       = aws_cloudwatch_dashboard.service.dashboard_name
}

output "alarm_names" {
  description = "Names of the alarms, sorted; empty where alarms_enabled is false."
  value       = sort([for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name])
}
