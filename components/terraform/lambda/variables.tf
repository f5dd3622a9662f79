variable "functions" {
  description = <<-EOT
    The functions by role; a role is also the package's name in the manifest and the end of the function's name.
    `memory_mb` also sets the share of a CPU. `timeout_seconds` ends an invocation. `reserved_concurrency` caps the function and
    takes its share from the account's pool; null shares the pool. `environment` must hold no secret: everyone who may describe
    the function reads it. `event_source` polls a queue: a batch closes at `batch_size` messages or after
    `batching_window_seconds`, and at most `maximum_concurrency` batches run at once. `on_failure_arn` is a queue or topic that
    receives asynchronous events given up on; null loses them. `invoked_by` says what starts the function (api, gateway, queue,
    schedule or stream), and so which alarms watch it; left out it is queue where there is an event source, else api.
  EOT
  type = map(object({
    handler              = string
    runtime              = optional(string, "python3.11")
    memory_mb            = number
    timeout_seconds      = number
    reserved_concurrency = optional(number)
    environment          = optional(map(string), {})
    on_failure_arn       = optional(string)
    invoked_by           = optional(string)
    event_source = optional(object({
      queue_arn               = string
      batch_size              = number
      batching_window_seconds = number
      maximum_concurrency     = number
    }))
  }))

  validation {
    condition     = alltrue([for role in keys(var.functions) : can(regex("^[a-z][a-z0-9-]{0,26}$", role))])
    error_message = "functions: a role must be 1 to 27 lower-case letters, digits and dashes, starting with a letter (Lambda's 64 characters less the prefix)."
  }

  validation {
    condition     = length(setsubtract(keys(var.functions), keys(local.packages))) == 0
    error_message = "No package of ${join(", ", setsubtract(keys(var.functions), keys(local.packages)))} in ${local.manifest_path}. ${local.package_remedy}"
  }

  validation {
    condition = alltrue([
      for f in var.functions : contains(["python3.11", "python3.12", "python3.13", "nodejs22.x", "provided.al2023"], f.runtime)
    ])
    error_message = "functions: runtime must be python3.11, python3.12, python3.13, nodejs22.x or provided.al2023 (all run on arm64)."
  }

  validation {
    condition = alltrue([
      for f in var.functions : f.invoked_by == null ? true : contains(["api", "gateway", "queue", "schedule", "stream"], f.invoked_by)
    ])
    error_message = "functions: invoked_by must be api, gateway (an authorizer), queue, schedule or stream."
  }

  validation {
    condition     = alltrue([for f in var.functions : f.memory_mb >= 128 && f.memory_mb <= 10240 && floor(f.memory_mb) == f.memory_mb])
    error_message = "functions: memory_mb must be a whole number from 128 to 10240."
  }

  validation {
    condition     = alltrue([for f in var.functions : f.timeout_seconds >= 1 && f.timeout_seconds <= 900])
    error_message = "functions: timeout_seconds must be from 1 to 900."
  }

  validation {
    condition     = alltrue([for f in var.functions : f.reserved_concurrency == null ? true : f.reserved_concurrency >= 0])
    error_message = "functions: reserved_concurrency must be 0 (the function never runs) or more; leave it out to share the account's pool."
  }

  validation {
    condition = alltrue(flatten([
      for f in var.functions : [for name in keys(f.environment) : can(regex("^[A-Z][A-Z0-9_]*$", name)) && !startswith(name, "AWS_")]
    ]))
    error_message = "functions: environment names must be capitals, digits and underscores; AWS_ is Lambda's own prefix."
  }

  validation {
    condition = alltrue(flatten([
      for f in var.functions : [for name in keys(f.environment) : !can(regex("(SECRET|PASSWORD|TOKEN|CREDENTIALS|API_KEY|PRIVATE_KEY)$", name))]
    ]))
    error_message = "functions: environment must hold no secret (a name ends in SECRET, PASSWORD, TOKEN, CREDENTIALS, API_KEY or PRIVATE_KEY). Pass the ARN of a Secrets Manager secret and read it at run time."
  }

  validation {
    condition = alltrue(flatten([
      for f in var.functions : [
        for name in keys(f.environment) :
        !contains(["POWERTOOLS_SERVICE_NAME", "POWERTOOLS_METRICS_NAMESPACE", "POWERTOOLS_LOG_LEVEL", "STAGE"], name)
      ]
    ]))
    error_message = "functions: POWERTOOLS_SERVICE_NAME, POWERTOOLS_METRICS_NAMESPACE, POWERTOOLS_LOG_LEVEL and STAGE are set for every function; take them out of environment (log_level sets the level)."
  }

  validation {
    condition = alltrue([
      for f in var.functions : f.event_source == null ? true : (
        f.event_source.batch_size >= 1 && f.event_source.batch_size <= 10000 &&
        f.event_source.batching_window_seconds >= 0 && f.event_source.batching_window_seconds <= 300 &&
        (f.event_source.batch_size <= 10 || f.event_source.batching_window_seconds >= 1)
      )
    ])
    error_message = "functions: event_source.batch_size must be from 1 to 10000 and batching_window_seconds from 0 to 300, at least 1 for batches above 10."
  }

  validation {
    condition = alltrue([
      for f in var.functions : f.event_source == null ? true : (
        f.event_source.maximum_concurrency >= 2 && f.event_source.maximum_concurrency <= 1000 &&
        f.event_source.maximum_concurrency <= coalesce(f.reserved_concurrency, 1000)
      )
    ])
    error_message = "functions: event_source.maximum_concurrency must be from 2 to 1000 and not above reserved_concurrency, or messages reach the dead-letter queue by throttling alone."
  }
}

variable "role_arns" {
  description = "Execution role ARN by role of var.functions; Lambda runs the function with what that role may do, and nothing else."
  type        = map(string)

  validation {
    condition     = length(setsubtract(keys(var.functions), keys(var.role_arns))) == 0
    error_message = "role_arns has no entry for ${join(", ", setsubtract(keys(var.functions), keys(var.role_arns)))}. Apply the iam component with that function first."
  }
}

variable "kms_key_arn" {
  description = "KMS key for environment variables and logs; null uses keys AWS owns, which cost nothing and cannot be revoked."
  type        = string
  default     = null
}

variable "log_retention_days" {
  description = "Days CloudWatch keeps a function's log lines. Stored lines are billed monthly; deleted ones cannot be recovered."
  type        = number

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be one CloudWatch offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "log_level" {
  description = "Lowest level the functions write, DEBUG or INFO. DEBUG multiplies the log bill. Nothing above: Lambda takes a metric's line (EMF) for INFO and would drop it."
  type        = string
  default     = "INFO"

  validation {
    condition     = contains(["DEBUG", "INFO"], var.log_level)
    error_message = "log_level must be DEBUG or INFO: above INFO Lambda drops the lines that carry the metrics."
  }
}

variable "tracing_mode" {
  description = "X-Ray: Active samples requests that arrive untraced, PassThrough only continues a caller's trace."
  type        = string
  default     = "Active"

  validation {
    condition     = contains(["Active", "PassThrough"], var.tracing_mode)
    error_message = "tracing_mode must be Active or PassThrough."
  }
}

variable "async_maximum_retry_attempts" {
  description = "How often Lambda runs a failed asynchronous event again before it goes to on_failure_arn."
  type        = number
  default     = 2

  validation {
    condition     = contains([0, 1, 2], var.async_maximum_retry_attempts)
    error_message = "async_maximum_retry_attempts must be 0, 1 or 2."
  }
}

variable "async_maximum_event_age_seconds" {
  description = "Seconds an asynchronous event may wait before it goes to on_failure_arn unprocessed."
  type        = number
  default     = 3600

  validation {
    condition     = var.async_maximum_event_age_seconds >= 60 && var.async_maximum_event_age_seconds <= 21600
    error_message = "async_maximum_event_age_seconds must be from 60 to 21600."
  }
}
