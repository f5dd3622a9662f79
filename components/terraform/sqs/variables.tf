variable "function_timeout_seconds" {
  description = "Seconds after which Lambda ends the processor; the measure for visibility_timeout_seconds, and nothing else here."
  type        = number

  validation {
    condition     = var.function_timeout_seconds >= 1 && var.function_timeout_seconds <= 900
    error_message = "function_timeout_seconds must be 1 to 900: Lambda allows nothing else."
  }
}

variable "visibility_timeout_seconds" {
  description = "Seconds a received message stays hidden. At least 6 x function_timeout_seconds, as AWS advises, or a throttled batch is delivered again while it is still being worked on."
  type        = number

  validation {
    condition     = var.visibility_timeout_seconds >= 6 * var.function_timeout_seconds
    error_message = "visibility_timeout_seconds must be at least 6 x function_timeout_seconds."
  }

  validation {
    condition     = var.visibility_timeout_seconds <= 43200
    error_message = "visibility_timeout_seconds must be at most 43200 (12 hours): SQS allows no more."
  }
}

variable "max_receive_count" {
  description = "Deliveries after which a message goes to the dead-letter queue. Fewer than 5 sends good messages there when the processor is merely throttled."
  type        = number
  default     = 5

  validation {
    condition     = var.max_receive_count >= 1 && var.max_receive_count <= 1000 && floor(var.max_receive_count) == var.max_receive_count
    error_message = "max_receive_count must be a whole number from 1 to 1000."
  }
}

variable "message_retention_seconds" {
  description = "Seconds an order waits for the processor before SQS drops it. Its age keeps counting in the dead-letter queue, which holds 14 days: what is used up here is missing there."
  type        = number
  default     = 345600

  validation {
    condition     = var.message_retention_seconds >= 60 && var.message_retention_seconds < 1209600
    error_message = "message_retention_seconds must be at least 60 and less than 1209600 (14 days), or nothing of it would be left in the dead-letter queue."
  }
}

variable "receive_wait_time_seconds" {
  description = "Seconds a receive call waits for a message (long polling), 1 to 20. Shorter means more empty receives, each of them billed."
  type        = number
  default     = 20

  validation {
    condition     = var.receive_wait_time_seconds >= 1 && var.receive_wait_time_seconds <= 20
    error_message = "receive_wait_time_seconds must be 1 to 20: 0 would be short polling."
  }
}

variable "tls_only" {
  description = "Refuse every request that does not come over TLS. False only where the AWS endpoint itself is plain HTTP, as that of an emulator on the same machine: there it would refuse everything."
  type        = bool
  default     = true
}

variable "kms_key_arn" {
  description = "Key that encrypts the messages. Null: the key SQS manages, free of charge."
  type        = string

  validation {
    condition     = var.kms_key_arn == null ? true : can(regex("^arn:[a-z-]+:kms:${var.region}:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key (not of an alias) in the same region, or null."
  }
}
