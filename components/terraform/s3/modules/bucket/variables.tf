variable "name" {
  description = "Name of the bucket, unique in the partition."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that encrypts the objects; null for the key S3 manages."
  type        = string
}

variable "tls_only" {
  description = "Refuse every request that does not come over TLS."
  type        = bool
}

variable "force_destroy" {
  description = "Destroy the bucket with everything in it."
  type        = bool
}

variable "noncurrent_version_expiration_days" {
  description = "Days an overwritten or deleted object can be recovered."
  type        = number
}

variable "transitions" {
  description = "Cheaper storage classes by age of the object in days."
  type        = list(object({ days = number, storage_class = string }))
  default     = []
}

variable "expiration_days" {
  description = "Age in days at which objects are deleted; null: never."
  type        = number
  default     = null
}
