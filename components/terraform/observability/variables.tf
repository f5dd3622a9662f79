# What is watched: the resources of the other components, by kind and by a short name that ends up in the names of their alarms.
# Who adds a function, a queue, a table or a schedule there changes nothing here.

variable "functions" {
  description = <<-EOT
    The functions by role. `invoked_by` is api, gateway (a Lambda authorizer), queue, schedule or stream, and decides which
    alarms watch it. `failure_destination`: asynchronous events that are given up on are kept somewhere.
  EOT
  type = map(object({
    name                 = string
    timeout_seconds      = number
    memory_mb            = number
    invoked_by           = string
    log_group_name       = string
    reserved_concurrency = optional(number)
    failure_destination  = optional(bool, false)
  }))
  nullable = false

  validation {
    condition     = alltrue([for f in var.functions : contains(["api", "gateway", "queue", "schedule", "stream"], f.invoked_by)])
    error_message = "functions: invoked_by must be api, gateway, queue, schedule or stream."
  }

  validation {
    condition     = alltrue([for f in var.functions : f.timeout_seconds >= 1 && f.timeout_seconds <= 900])
    error_message = "functions: timeout_seconds must be from 1 to 900."
  }
}

variable "queues" {
  description = <<-EOT
    The queues by key. `kind` is work or dead_letter (whatever ends there was given up on, also where no queue's redrive policy
    put it). `consumer` is the role of the function that takes the messages, null where nobody does.
  EOT
  type = map(object({
    name                       = string
    kind                       = string
    retention_seconds          = number
    consumer                   = optional(string)
    visibility_timeout_seconds = number
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for queue in var.queues : contains(["work", "dead_letter"], queue.kind)])
    error_message = "queues: kind must be work or dead_letter."
  }

  validation {
    condition     = alltrue([for queue in var.queues : queue.consumer == null ? true : contains(keys(var.functions), queue.consumer)])
    error_message = "queues: consumer must be a role of functions (${join(", ", keys(var.functions))}), or null."
  }
}

variable "tables" {
  description = "The DynamoDB tables by key, each with the names of its global secondary indexes, which are watched one by one."
  type = map(object({
    name           = string
    indexes        = optional(list(string), [])
    stream_enabled = optional(bool, false)
  }))
  default  = {}
  nullable = false
}

variable "schedules" {
  description = "The schedules by key. `function` is the role of the function that is invoked, `period_seconds` the time between two runs: null for a cron expression or a disabled schedule, which nobody misses."
  type = map(object({
    name           = string
    group          = string
    function       = string
    period_seconds = optional(number)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for schedule in var.schedules : contains(keys(var.functions), schedule.function)])
    error_message = "schedules: function must be a role of functions (${join(", ", keys(var.functions))})."
  }
}

variable "api" {
  description = "The API: `type` http or rest, `id`, `name` and `stage` as its metrics carry them, `integration_timeout_ms` after which the gateway answers 504. Null: no API is watched."
  type = object({
    type                   = string
    id                     = string
    name                   = string
    stage                  = string
    integration_timeout_ms = number
    access_log_group_name  = string
  })
  default = null

  validation {
    condition     = var.api == null ? true : contains(["http", "rest"], var.api.type)
    error_message = "api: type must be http or rest."
  }
}

variable "user_pools" {
  description = "The Cognito user pools by key, each with the ids of the clients that people sign in with, by key: Cognito reports by pool and client together."
  type = map(object({
    id      = string
    clients = map(string)
  }))
  default  = {}
  nullable = false
}

variable "account_alarms_enabled" {
  description = "Watch what the whole account shares. In an account with several stacks, true in one of them."
  type        = bool
  default     = false
}

variable "account_concurrency_quota" {
  description = "Concurrent executions the account may have in this region (Service Quotas, Lambda). New accounts have 10 or 1,000. Used where account_alarms_enabled is true."
  type        = number
  default     = 1000

  validation {
    condition     = var.account_concurrency_quota >= 10 && floor(var.account_concurrency_quota) == var.account_concurrency_quota
    error_message = "account_concurrency_quota must be a whole number of at least 10, the smallest quota an account has."
  }
}

variable "tier" {
  description = "How much is watched: dev (nothing), staging (what a rollout is judged by) or prod (everything). Dashboards exist whatever the tier."
  type        = string

  validation {
    condition     = contains(keys(var.tiers), var.tier)
    error_message = "tier must be one of ${join(", ", keys(var.tiers))} (dashboards/alarms.yaml)."
  }
}

variable "runbook_url_prefix" {
  description = "Where the runbooks are read, without a trailing slash. The runbook of a signal is <runbook_url_prefix>/<signal>.md; each alarm's description ends with its address."
  type        = string

  validation {
    condition     = can(regex("^https://[^\\s]*[^/\\s]$", var.runbook_url_prefix))
    error_message = "runbook_url_prefix must be an https URL without a trailing slash."
  }
}

variable "kms_key_arn" {
  description = "KMS key of the topics; its policy must let cloudwatch.amazonaws.com use it, or no alarm arrives. Null leaves the topics unencrypted at rest."
  type        = string
  default     = null
}
