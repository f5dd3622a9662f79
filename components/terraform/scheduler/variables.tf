variable "schedule_expression" {
  description = "When the scheduler function runs, in UTC: rate(5 minutes) or cron(0/5 * * * ? *). An order lost on its way to the queue waits up to this long."
  type        = string
  default     = "rate(5 minutes)"

  validation {
    condition = (
      can(regex("^rate\\((1 (minute|hour|day)|([2-9]|[1-9][0-9]+) (minutes|hours|days))\\)$", var.schedule_expression)) ||
      can(regex("^cron\\((\\S+ ){5}\\S+\\)$", var.schedule_expression))
    )
    error_message = "schedule_expression must be rate(<n> minutes|hours|days), singular for 1, or cron(<six fields>)."
  }
}

variable "state" {
  description = "ENABLED or DISABLED. While disabled, an order that did not reach the queue stays PENDING."
  type        = string
  default     = "ENABLED"

  validation {
    condition     = contains(["ENABLED", "DISABLED"], var.state)
    error_message = "state must be ENABLED or DISABLED."
  }
}

variable "flexible_window_minutes" {
  description = "Minutes within which the Scheduler may choose the moment of a run, to spread load; 0 runs on the dot."
  type        = number
  default     = 0

  validation {
    condition     = var.flexible_window_minutes >= 0 && var.flexible_window_minutes <= 1440 && floor(var.flexible_window_minutes) == var.flexible_window_minutes
    error_message = "flexible_window_minutes must be a whole number from 0 to 1440."
  }
}

variable "function_alias_arn" {
  description = "ARN of the scheduler function's alias `live`."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:lambda:[^:]+:[0-9]{12}:function:[^:]+:live$", var.function_alias_arn))
    error_message = "function_alias_arn must be the ARN of a function's alias live, so that a release decides which version runs."
  }
}

variable "role_arn" {
  description = "Role the Scheduler takes to invoke the function and to write to the dead-letter queue."
  type        = string
}

variable "schedule_dlq_arn" {
  description = "ARN of the queue that receives invocations the Scheduler gave up on."
  type        = string
}

variable "maximum_retry_attempts" {
  description = "How often the Scheduler repeats a refused invocation before it goes to the dead-letter queue. The next run does the same work, so few are enough."
  type        = number
  default     = 2

  validation {
    condition     = var.maximum_retry_attempts >= 0 && var.maximum_retry_attempts <= 185
    error_message = "maximum_retry_attempts must be from 0 to 185."
  }
}

variable "maximum_event_age_seconds" {
  description = "Seconds after which the Scheduler stops repeating an invocation. Past the next run a repetition is of no use."
  type        = number
  default     = 300

  validation {
    condition     = var.maximum_event_age_seconds >= 60 && var.maximum_event_age_seconds <= 86400
    error_message = "maximum_event_age_seconds must be from 60 to 86400."
  }
}

variable "kms_key_arn" {
  description = "KMS key that encrypts the schedule; null uses a key AWS owns, which costs nothing and cannot be revoked."
  type        = string
  default     = null
}
