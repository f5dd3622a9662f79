# The schedule that looks for orders left PENDING. An invocation the Scheduler gives up on lands in the schedule's dead-letter
# queue, where an alarm sees it.

resource "aws_scheduler_schedule" "resend_orders" {
  name                         = local.names.schedule
  description                  = "Sends orders again that were stored but never reached the queue."
  state                        = var.state
  schedule_expression          = var.schedule_expression
  schedule_expression_timezone = "UTC"
  kms_key_arn                  = var.kms_key_arn

  flexible_time_window {
    mode                      = var.flexible_window_minutes == 0 ? "OFF" : "FLEXIBLE"
    maximum_window_in_minutes = var.flexible_window_minutes == 0 ? null : var.flexible_window_minutes
  }

  target {
    arn      = var.function_alias_arn
    role_arn = var.role_arn

    retry_policy {
      maximum_retry_attempts       = var.maximum_retry_attempts
      maximum_event_age_in_seconds = var.maximum_event_age_seconds
    }

    dead_letter_config {
      arn = var.schedule_dlq_arn
    }
  }
}
