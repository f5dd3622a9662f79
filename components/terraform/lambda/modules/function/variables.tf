# Values are validated, and defaults stated, in the component's variables.tf.

variable "name" {
  description = "Function name."
  type        = string
}

variable "role_arn" {
  description = "Execution role the function runs with."
  type        = string
}

variable "settings" {
  description = "The function's entry of the component's `functions`."
  type = object({
    handler              = string
    runtime              = string
    memory_mb            = number
    timeout_seconds      = number
    reserved_concurrency = number
    on_failure_arn       = string
    event_source = object({
      queue_arn               = string
      batch_size              = number
      batching_window_seconds = number
      maximum_concurrency     = number
    })
  })
}

variable "package" {
  description = "Where the zip lies, and its SHA-256 in base64: a changed digest publishes a new version."
  type = object({
    bucket        = string
    key           = string
    base64_sha256 = string
  })
}

variable "environment" {
  description = "Environment variables, none of them secret."
  type        = map(string)
}

variable "log_group_name" {
  description = "Log group of the function, of no other."
  type        = string
}

variable "log_retention_days" {
  description = "Days CloudWatch keeps the log lines."
  type        = number
}

variable "log_level" {
  description = "Lowest level the function writes."
  type        = string
}

variable "tracing_mode" {
  description = "X-Ray mode, Active or PassThrough."
  type        = string
}

variable "kms_key_arn" {
  description = "KMS key for environment variables and logs; null uses keys AWS owns."
  type        = string
}

variable "async_maximum_retry_attempts" {
  description = "Runs after the first before an asynchronous event goes to on_failure_arn."
  type        = number
}

variable "async_maximum_event_age_seconds" {
  description = "Seconds an asynchronous event may wait before it goes to on_failure_arn."
  type        = number
}
