# X-Ray as code: groups of traces, and rules of which requests are traced. Rules that cannot have an effect are refused.

variable "tracing" {
  description = <<-EOT
    The file dashboards/tracing.yaml, whose schema describes every field. `groups`: traces that pass one of this stack's functions,
    all of them or those with trouble; insights cost 1 USD a million traces. `sampling_rules`: what share of whose requests is
    traced, where that can be said at all: at a REST API's stage, or by an X-Ray SDK outside Lambda.
  EOT
  type = object({
    groups = optional(map(object({
      why         = string
      tiers       = set(string)
      insights    = optional(set(string), [])
      failed      = optional(bool, false)
      slower_than = optional(string)
    })), {})
    sampling_rules = optional(map(object({
      why                  = string
      tiers                = set(string)
      root                 = string
      priority             = number
      reservoir_per_second = number
      rate                 = number
      service_name         = optional(string, "*")
      service_type         = optional(string, "*")
      host                 = optional(string, "*")
      method               = optional(string, "*")
      path                 = optional(string, "*")
      attributes           = optional(map(string), {})
    })), {})
  })
  default = {}

  validation {
    condition     = alltrue([for rule in var.tracing.sampling_rules : contains(["rest_stage", "sdk"], rule.root)])
    error_message = "tracing: a sampling rule's root must be rest_stage or sdk. For Lambda functions X-Ray's rate is fixed (one a second and 5% of the rest), so a request that begins at an HTTP API, a queue or a schedule follows no rule."
  }

  validation {
    condition = alltrue([
      for rule in var.tracing.sampling_rules : rule.priority >= 1 && rule.priority <= 9999 && floor(rule.priority) == rule.priority
    ])
    error_message = "tracing: a sampling rule's priority must be a whole number from 1 (first) to 9999; X-Ray's own default rule comes last, at 10000."
  }

  validation {
    condition = alltrue([
      for rule in var.tracing.sampling_rules :
      rule.rate >= 0 && rule.rate <= 1 && rule.reservoir_per_second >= 0 && floor(rule.reservoir_per_second) == rule.reservoir_per_second
    ])
    error_message = "tracing: a sampling rule's rate is a fraction from 0 to 1, its reservoir_per_second a whole number of at least 0."
  }

  validation {
    condition = alltrue([
      for group in var.tracing.groups : group.slower_than == null ? true : contains([for name, slo in var.slo.slos : "${name}-latency" if slo.latency != null], group.slower_than)
    ])
    error_message = "tracing: slower_than names a latency objective of dashboards/slo.yaml, such as api-latency."
  }
}

variable "tracing_enabled" {
  description = "Make the groups and the sampling rules. false only where X-Ray is missing, as on the embedded AWS. Whether a function traces at all is tracing_mode of the lambda component."
  type        = bool
  default     = true
}

locals {
  sampling_rules = { for name, rule in var.tracing.sampling_rules : name => rule if var.tracing_enabled && contains(rule.tiers, var.tier) }
  trace_groups   = { for name, group in var.tracing.groups : name => group if var.tracing_enabled && contains(group.tiers, var.tier) }

  # What makes a trace one of the group, said of one function.
  trace_conditions = {
    for name, group in local.trace_groups : name => join(" OR ", compact([
      group.failed ? "fault = true" : "",
      group.slower_than == null ? "" : "responsetime > ${var.slo.slos[trimsuffix(group.slower_than, "-latency")].latency.threshold_ms / 1000}",
    ]))
  }

  # X-Ray calls a stage by the name of its API and its own.
  rest_stages = [for api in values(local.resources.api) : "${api.name}/${api.stage}" if api.type == "rest"]

  # What a rule matches, in the order X-Ray knows it.
  sampling_matches = {
    for name, rule in local.sampling_rules : name => {
      service_type = rule.root == "rest_stage" ? "AWS::ApiGateway::Stage" : rule.service_type
      service_name = rule.root == "rest_stage" ? join("", local.rest_stages) : rule.service_name
      host         = rule.host
      http_method  = rule.method
      url_path     = rule.path
    }
  }

  # Whoever comes first decides. Field by field a rule is covered by the same text or by "*"; other patterns are compared by
  # `blueprint.observability.tracing`, which judges the plan.
  shadowing_rules = {
    for name, match in local.sampling_matches : name => [
      for other, wider in local.sampling_matches : other
      if other != name && local.sampling_rules[other].priority < local.sampling_rules[name].priority &&
      length(local.sampling_rules[other].attributes) == 0 &&
      alltrue([for field, value in match : contains(["*", value], wider[field])])
    ]
  }
}

resource "aws_xray_group" "this" {
  for_each = local.trace_groups

  group_name = "${local.prefix}-${each.key}"
  filter_expression = join(" OR ", [
    for role, function in var.functions :
    "service(\"${function.name}\")${local.trace_conditions[each.key] == "" ? "" : " { ${local.trace_conditions[each.key]} }"}"
  ])

  insights_configuration {
    insights_enabled = contains(each.value.insights, var.tier)
    # What they find is told to EventBridge, where nobody listens: the objectives' alarms tell people.
    notifications_enabled = false
  }

  lifecycle {
    precondition {
      condition     = length("${local.prefix}-${each.key}") <= 32
      error_message = "X-Ray takes names of 32 characters, and ${local.prefix}-${each.key} has ${length("${local.prefix}-${each.key}")}. Shorten the group's key, or take the group out of the tier ${var.tier}."
    }
  }
}

resource "aws_xray_sampling_rule" "this" {
  for_each = local.sampling_rules

  rule_name      = "${local.prefix}-${each.key}"
  version        = 1
  priority       = each.value.priority
  reservoir_size = each.value.reservoir_per_second
  fixed_rate     = each.value.rate
  service_type   = local.sampling_matches[each.key].service_type
  service_name   = local.sampling_matches[each.key].service_name
  host           = each.value.host
  http_method    = each.value.method
  url_path       = each.value.path
  resource_arn   = "*"
  attributes     = each.value.attributes

  lifecycle {
    precondition {
      condition     = each.value.root != "rest_stage" || length(local.rest_stages) > 0
      error_message = "The sampling rule ${each.key} is about a REST API's stage, and this stack has ${local.api_type == "http" ? "an HTTP API" : "none"}: its traces begin in Lambda, whose rate is fixed (one a second and 5% of the rest). Remove the rule; tracing_mode of the lambda component is what can be chosen."
    }

    precondition {
      condition     = each.value.root != "sdk" || !contains(concat(["*"], values(var.functions)[*].name), each.value.service_name)
      error_message = "The sampling rule ${each.key} names ${each.value.service_name == "*" ? "no service" : "a Lambda function"}: an SDK inside Lambda follows the function's fixed rate. Name the service outside Lambda that begins the traces, or remove the rule."
    }

    precondition {
      condition     = length(local.shadowing_rules[each.key]) == 0
      error_message = "The sampling rule ${each.key} never decides: ${join(", ", local.shadowing_rules[each.key])} comes first and matches everything it does. Give it the lower priority number, or remove it."
    }

    precondition {
      condition     = length("${local.prefix}-${each.key}") <= 32
      error_message = "X-Ray takes names of 32 characters, and ${local.prefix}-${each.key} has ${length("${local.prefix}-${each.key}")}. Shorten the rule's key, or take the rule out of the tier ${var.tier}."
    }
  }
}
