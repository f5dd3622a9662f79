# Where work ends that never came from a queue. Senders put messages here directly, so no queue may use them as its dead-letter
# queue.

resource "aws_sqs_queue" "schedule_dlq" {
  name                      = local.names.schedule_dlq
  message_retention_seconds = local.dead_letter_retention_seconds
  sqs_managed_sse_enabled   = local.sqs_managed_sse_enabled
  kms_master_key_id         = var.kms_key_arn
  redrive_allow_policy      = jsonencode({ redrivePermission = "denyAll" })
}

resource "aws_sqs_queue" "failures" {
  name                      = local.names.failures_queue
  message_retention_seconds = local.dead_letter_retention_seconds
  sqs_managed_sse_enabled   = local.sqs_managed_sse_enabled
  kms_master_key_id         = var.kms_key_arn
  redrive_allow_policy      = jsonencode({ redrivePermission = "denyAll" })
}
