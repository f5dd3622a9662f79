output "schedule_name" {
  description = "Name of the schedule."
  value       = aws_scheduler_schedule.resend_orders.name
}

output "schedule_arn" {
  description = "ARN of the schedule."
  value       = aws_scheduler_schedule.resend_orders.arn
}
