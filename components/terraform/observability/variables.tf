variable "function_names" {
  description = "Function name by role, from the lambda component; each gets its alarms and its widgets."
  type        = map(string)
}

variable "api_id" {
  description = "Identifier of the HTTP API, from the apigateway component."
  type        = string
}

variable "api_stage_name" {
  description = "Stage of the HTTP API, from the apigateway component."
  type        = string
  default     = "$default"
}

variable "kms_key_arn" {
  description = "KMS key of the topic; its policy must let cloudwatch.amazonaws.com use it, or no alarm arrives. Null leaves the topic unencrypted at rest."
  type        = string
  default     = null
}
