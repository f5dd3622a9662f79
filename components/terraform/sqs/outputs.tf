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

output "queues" {
  description = "The queues by key as observability watches them. `dead_letter` is every queue whose messages were given up on, whoever put them there. Computed from the values, so that a plan knows it before the queues exist."
  value = {
    orders = {
      name                       = local.names.orders_queue
      kind                       = "work"
      retention_seconds          = var.message_retention_seconds
      consumer                   = "processor"
      visibility_timeout_seconds = var.visibility_timeout_seconds
    }
    orders-dlq   = merge(local.unread_queue, { name = local.names.orders_dlq })
    schedule-dlq = merge(local.unread_queue, { name = local.names.schedule_dlq })
    failures     = merge(local.unread_queue, { name = local.names.failures_queue })
  }
}

locals {
  # 30 seconds is what SQS takes for a queue that says nothing else.
  unread_queue = {
    kind                       = "dead_letter"
    retention_seconds          = local.dead_letter_retention_seconds
    consumer                   = null
    visibility_timeout_seconds = 30
  }
}
