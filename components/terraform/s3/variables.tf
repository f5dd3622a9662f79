variable "force_destroy" {
  description = "Let `terraform destroy` delete the buckets with every object and version in them. True only for a stage whose data nobody will miss."
  type        = bool
}

variable "noncurrent_version_expiration_days" {
  description = "Days an overwritten or deleted object can be recovered; it is billed as long."
  type        = number

  validation {
    condition     = var.noncurrent_version_expiration_days >= 1 && floor(var.noncurrent_version_expiration_days) == var.noncurrent_version_expiration_days
    error_message = "noncurrent_version_expiration_days must be a whole number of at least 1."
  }
}

variable "receipts_transitions" {
  description = "Cheaper storage classes for receipts by age in days, in rising order. S3 leaves objects under 128 KB where they are, since moving them costs more than it saves."
  type        = list(object({ days = number, storage_class = string }))
  default     = []

  validation {
    condition = alltrue([
      for transition in var.receipts_transitions :
      contains(["STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"], transition.storage_class)
    ])
    error_message = "receipts_transitions: storage_class must be STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR, GLACIER or DEEP_ARCHIVE."
  }

  validation {
    condition = alltrue([
      for transition in var.receipts_transitions :
      transition.days >= (contains(["STANDARD_IA", "ONEZONE_IA"], transition.storage_class) ? 30 : 1)
    ])
    error_message = "receipts_transitions: days must be at least 1, and at least 30 for STANDARD_IA and ONEZONE_IA."
  }

  validation {
    condition = alltrue([
      for index, transition in var.receipts_transitions :
      index == 0 ? true : transition.days > var.receipts_transitions[index - 1].days
    ])
    error_message = "receipts_transitions: days must rise from one transition to the next."
  }
}

variable "receipts_expiration_days" {
  description = "Age in days at which receipts are deleted. Null: never; check what the law asks you to keep before you set it."
  type        = number
  default     = null

  validation {
    condition = var.receipts_expiration_days == null ? true : (
      var.receipts_expiration_days > max(0, var.receipts_transitions[*].days...)
    )
    error_message = "receipts_expiration_days must be at least 1 and later than the last of receipts_transitions, or null to keep receipts for ever."
  }
}

variable "tls_only" {
  description = "Refuse every request that does not come over TLS. False only where the AWS endpoint itself is plain HTTP, as that of an emulator on the same machine: there it would refuse everything."
  type        = bool
  default     = true
}

variable "kms_key_arn" {
  description = "Key that encrypts the objects. Null: the key S3 manages, free of charge."
  type        = string

  validation {
    condition     = var.kms_key_arn == null ? true : can(regex("^arn:[a-z-]+:kms:${var.region}:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key (not of an alias) in the same region, or null."
  }
}
