variable "point_in_time_recovery_days" {
  description = "Days back to which the table can be restored, to the second: 1 to 35, or 0 for none. Costs by stored gigabyte, whatever the number; without it a wrong delete is final."
  type        = number

  validation {
    condition     = var.point_in_time_recovery_days >= 0 && var.point_in_time_recovery_days <= 35 && floor(var.point_in_time_recovery_days) == var.point_in_time_recovery_days
    error_message = "point_in_time_recovery_days must be a whole number from 1 to 35, or 0 to switch recovery off."
  }
}

variable "deletion_protection_enabled" {
  description = "Refuse to delete the table, by Terraform too, until this is false. Protects data; stands in the way of tearing a stage down."
  type        = bool
}

variable "max_read_request_units" {
  description = "Read request units per second at which DynamoDB throttles, for the table and for its index: a brake on cost. Null: no limit but the account's quota (40,000). -1 takes away a limit that was set, which null cannot."
  type        = number
  default     = null

  validation {
    condition     = var.max_read_request_units == null ? true : var.max_read_request_units == -1 || (var.max_read_request_units >= 1 && floor(var.max_read_request_units) == var.max_read_request_units)
    error_message = "max_read_request_units must be a whole number of at least 1, -1 to take a limit away, or null for none."
  }
}

variable "max_write_request_units" {
  description = "Write request units per second at which DynamoDB throttles, for the table and for its index: a brake on cost. Null: no limit but the account's quota (40,000). -1 takes away a limit that was set, which null cannot."
  type        = number
  default     = null

  validation {
    condition     = var.max_write_request_units == null ? true : var.max_write_request_units == -1 || (var.max_write_request_units >= 1 && floor(var.max_write_request_units) == var.max_write_request_units)
    error_message = "max_write_request_units must be a whole number of at least 1, -1 to take a limit away, or null for none."
  }
}

variable "table_class" {
  description = "STANDARD, or STANDARD_INFREQUENT_ACCESS: storage 60% cheaper, requests 25% dearer, so only for a table whose storage outweighs its requests on the bill."
  type        = string
  default     = "STANDARD"

  validation {
    condition     = contains(["STANDARD", "STANDARD_INFREQUENT_ACCESS"], var.table_class)
    error_message = "table_class must be STANDARD or STANDARD_INFREQUENT_ACCESS."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts the table, and whose loss loses the table. Null: a key that AWS owns, free of charge."
  type        = string

  validation {
    condition     = var.kms_key_arn == null ? true : can(regex("^arn:[a-z-]+:kms:${var.region}:[0-9]{12}:key/.+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key (not of an alias) in the same region, or null."
  }
}
