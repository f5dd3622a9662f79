variable "kms_key_enabled" {
  description = "Encrypt the environment's data with a key of its own (1 USD a month, plus requests) instead of keys AWS owns. Switching it off schedules the key's deletion: what is still encrypted with it becomes unreadable."
  type        = bool
}

variable "kms_deletion_window_days" {
  description = "Days between the order to delete the key and its deletion, 7 to 30: the time left to notice a mistake. Ignored without a key."
  type        = number
  default     = 30

  validation {
    condition     = var.kms_deletion_window_days >= 7 && var.kms_deletion_window_days <= 30 && floor(var.kms_deletion_window_days) == var.kms_deletion_window_days
    error_message = "kms_deletion_window_days must be a whole number from 7 to 30: AWS allows nothing else."
  }
}
