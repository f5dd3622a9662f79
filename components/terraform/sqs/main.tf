# Orders on their way to the processor, and the dead-letter queue that catches those it cannot digest.

data "aws_partition" "current" {}

locals {
  # AWS's maximum: a dead letter must outlive a long week-end and the incident after it.
  dead_letter_retention_seconds = 1209600

  # Computed, because the two queues name each other: the attribute would make a cycle.
  queue_arn = "arn:${data.aws_partition.current.partition}:sqs:${var.region}:${var.account_id}:${local.names.orders_queue}"

  # SQS's own key, or the environment's: setting both is an error.
  sqs_managed_sse_enabled = var.kms_key_arn == null ? true : null
}

resource "aws_sqs_queue" "orders" {
  name                       = local.names.orders_queue
  visibility_timeout_seconds = var.visibility_timeout_seconds
  message_retention_seconds  = var.message_retention_seconds
  receive_wait_time_seconds  = var.receive_wait_time_seconds
  sqs_managed_sse_enabled    = local.sqs_managed_sse_enabled
  kms_master_key_id          = var.kms_key_arn

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dlq.arn
    maxReceiveCount     = var.max_receive_count
  })
}

resource "aws_sqs_queue" "dlq" {
  name                      = local.names.orders_dlq
  message_retention_seconds = local.dead_letter_retention_seconds
  sqs_managed_sse_enabled   = local.sqs_managed_sse_enabled
  kms_master_key_id         = var.kms_key_arn

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [local.queue_arn]
  })
}
