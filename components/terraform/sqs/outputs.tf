output "queue_url" {
  description = "URL of the orders queue."
  value       = aws_sqs_queue.orders.url
}

output "queue_arn" {
  description = "ARN of the orders queue."
  value       = aws_sqs_queue.orders.arn
}

output "queue_name" {
  description = "Name of the orders queue, as CloudWatch's QueueName dimension."
  value       = aws_sqs_queue.orders.name
}

output "dlq_url" {
  description = "URL of the dead-letter queue of the orders queue."
  value       = aws_sqs_queue.dlq.url
}

output "dlq_arn" {
  description = "ARN of the dead-letter queue of the orders queue."
  value       = aws_sqs_queue.dlq.arn
}

output "dlq_name" {
  description = "Name of the dead-letter queue of the orders queue."
  value       = aws_sqs_queue.dlq.name
}

output "schedule_dlq_arn" {
  description = "ARN of the queue for invocations EventBridge Scheduler could not deliver."
  value       = aws_sqs_queue.schedule_dlq.arn
}

output "schedule_dlq_name" {
  description = "Name of the queue for invocations EventBridge Scheduler could not deliver."
  value       = aws_sqs_queue.schedule_dlq.name
}

output "failures_queue_arn" {
  description = "ARN of the queue for asynchronous invocations that failed (on-failure destination)."
  value       = aws_sqs_queue.failures.arn
}

output "failures_queue_name" {
  description = "Name of the queue for asynchronous invocations that failed."
  value       = aws_sqs_queue.failures.name
}
