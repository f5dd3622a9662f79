# One alarm for each resource that a signal watches. Signals are data (dashboards/alarms.yaml), resources are what the other
# components report: nothing here names a function or a queue.

variable "tiers" {
  description = "The tiers by name. `slo` says which alarms of the objectives exist: all, deploy (what a rollout is judged by) or none. A signal names the tiers it is for."
  type        = map(object({ slo = string }))

  validation {
    condition     = alltrue([for tier in var.tiers : contains(["all", "deploy", "none"], tier.slo)])
    error_message = "tiers: slo must be all, deploy or none."
  }
}

variable "signals" {
  description = <<-EOT
    The signals by name, as dashboards/schemas/alarms.json describes them: what is watched (`watches`, `where`), which series
    (`metric` and `statistic`, or `queries` and `expression`, or `log_pattern`), when that is bad (`comparison`, `threshold` or
    `threshold_of`, `datapoints` of `evaluation_periods` of `period_seconds` or `period_of`, no shorter than the attribute
    `period_at_least`, `missing_data`), whom it concerns
    (`severity`, `owner`, `tiers`, `deploy`) and what its description says (`what`, `why`).
  EOT
  type = map(object({
    watches            = string
    where              = optional(map(string), {})
    namespace          = optional(string)
    dimensions         = optional(map(string))
    metric             = optional(string)
    statistic          = optional(string)
    queries            = optional(map(object({ metric = string, statistic = string })), {})
    expression         = optional(string)
    log_pattern        = optional(string)
    period_seconds     = optional(number)
    period_of          = optional(object({ attribute = string, times = number }))
    period_at_least    = optional(string)
    comparison         = string
    threshold          = optional(number)
    threshold_of       = optional(object({ attribute = string, times = number, at_most = optional(number) }))
    datapoints         = number
    evaluation_periods = number
    missing_data       = string
    severity           = string
    owner              = string
    tiers              = set(string)
    deploy             = optional(bool, false)
    what               = string
    why                = string
  }))

  validation {
    condition     = alltrue([for signal in var.signals : contains(keys(local.kind_words), signal.watches)])
    error_message = "signals: watches must be one of ${join(", ", keys(local.kind_words))}."
  }

  validation {
    condition = alltrue([
      for signal in var.signals :
      length([for way in [signal.metric, signal.expression, signal.log_pattern] : way if way != null]) == 1 &&
      (signal.metric == null) == (signal.statistic == null) &&
      (signal.expression == null) == (length(signal.queries) == 0)
    ])
    error_message = "signals: each needs exactly one of metric (with statistic), expression (with queries) and log_pattern."
  }

  validation {
    condition     = alltrue([for signal in var.signals : signal.log_pattern == null || signal.watches == "functions"])
    error_message = "signals: log_pattern is for signals that watch functions: it is matched with their log lines."
  }

  validation {
    # CloudWatch evaluates an expression over ten metrics at most.
    condition     = alltrue([for signal in var.signals : length(signal.queries) <= 10])
    error_message = "signals: queries must be ten at most, as many as CloudWatch evaluates in one alarm."
  }

  validation {
    condition = alltrue([
      for signal in var.signals :
      (signal.threshold == null) != (signal.threshold_of == null) && (signal.period_seconds == null) != (signal.period_of == null)
    ])
    error_message = "signals: each needs threshold or threshold_of, and period_seconds or period_of: one of the two, not both."
  }

  validation {
    condition     = alltrue([for signal in var.signals : contains([">", ">=", "<", "<="], signal.comparison)])
    error_message = "signals: comparison must be >, >=, < or <=."
  }

  validation {
    condition     = alltrue([for signal in var.signals : contains(["missing", "ignore", "breaching", "notBreaching"], signal.missing_data)])
    error_message = "signals: missing_data must be missing, ignore, breaching or notBreaching."
  }

  validation {
    condition     = alltrue([for signal in var.signals : contains(["page", "ticket"], signal.severity)])
    error_message = "signals: severity must be page or ticket."
  }

  validation {
    condition     = alltrue([for signal in var.signals : length(setsubtract(signal.tiers, keys(var.tiers))) == 0])
    error_message = "signals: tiers must be some of ${join(", ", keys(var.tiers))}."
  }

  validation {
    condition = alltrue([
      for signal in var.signals :
      signal.datapoints >= 1 && signal.datapoints <= signal.evaluation_periods && floor(signal.datapoints) == signal.datapoints
    ])
    error_message = "signals: datapoints must be a whole number from 1 to evaluation_periods, or the alarm can never go off."
  }
}

variable "exceptions" {
  description = "Alarms that are left out: `signal` for `resource` (the key of a function, queue, ...), with the date of the decision and its reason."
  type = list(object({
    resource   = string
    signal     = string
    decided_on = string
    until      = optional(string)
    reason     = string
  }))
  default  = []
  nullable = false

  validation {
    condition     = length(setsubtract([for row in var.exceptions : "${row.resource}-${row.signal}"], [for pair in local.pairs : pair.key])) == 0
    error_message = "exceptions: ${join(", ", setsubtract([for row in var.exceptions : "${row.resource}-${row.signal}"], [for pair in local.pairs : pair.key]))}: no alarm is called so. Remove the line, or correct its resource or signal."
  }
}

locals {
  plain_statistics = ["Average", "Maximum", "Minimum", "SampleCount", "Sum"]

  comparisons = {
    ">"  = "GreaterThanThreshold"
    ">=" = "GreaterThanOrEqualToThreshold"
    "<"  = "LessThanThreshold"
    "<=" = "LessThanOrEqualToThreshold"
  }

  # Only the API's metrics are called differently by another kind of the same thing.
  metric_names = { api = local.api_metrics }

  # Every signal with every resource it is about, whatever the tier. An attribute that a period or a threshold is measured by may be
  # absent (a cron schedule has no period): then there is nothing to compare with, and no alarm.
  pairs = flatten([
    for name, signal in var.signals : [
      for key, resource in local.resources[signal.watches] : {
        key           = "${key}-${name}"
        signal_name   = name
        signal        = signal
        resource_name = key
        resource      = resource
      }
      if alltrue([for attribute, value in signal.where : try(tostring(resource[attribute]) == value, false)]) &&
      alltrue([for measure in [signal.period_of, signal.threshold_of] : measure == null ? true : try(resource[measure.attribute] != null, false)])
    ]
  ])

  excepted = [for row in var.exceptions : "${row.resource}-${row.signal}"]

  signal_alarms = {
    for pair in local.pairs : pair.key => {
      name     = "${local.prefix}-${pair.key}"
      signal   = pair.signal_name
      resource = pair.resource_name
      window   = null
      severity = pair.signal.severity
      owner    = pair.signal.owner
      deploy   = pair.signal.deploy
      # The objectives' alarms leave it to the composites to tell.
      tells = true

      namespace = (
        pair.signal.log_pattern != null ? local.log_metrics_namespace :
        pair.signal.namespace != null ? pair.signal.namespace : pair.resource.namespace
      )
      dimensions = (
        pair.signal.log_pattern != null ? {} :
        pair.signal.dimensions == null ? tomap(pair.resource.dimensions) :
        { for dimension, attribute in coalesce(pair.signal.dimensions, {}) : dimension => pair.resource[attribute] }
      )
      metric = (
        pair.signal.log_pattern != null ? pair.key :
        pair.signal.metric == null ? null : try(local.metric_names[pair.signal.watches][pair.signal.metric], pair.signal.metric)
      )
      statistic  = pair.signal.log_pattern != null ? "Sum" : pair.signal.statistic
      expression = pair.signal.expression
      queries = {
        for id, query in pair.signal.queries : id => {
          metric    = try(local.metric_names[pair.signal.watches][query.metric], query.metric)
          statistic = query.statistic
        }
      }

      period = (
        pair.signal.period_of != null ? pair.resource[pair.signal.period_of.attribute] * pair.signal.period_of.times :
        max(pair.signal.period_seconds, [for attribute in pair.signal.period_at_least[*] : pair.resource[attribute] if pair.resource[attribute] != null]...)
      )
      comparison = local.comparisons[pair.signal.comparison]
      threshold = pair.signal.threshold_of == null ? pair.signal.threshold : min(
        pair.resource[pair.signal.threshold_of.attribute] * pair.signal.threshold_of.times,
        [for limit in [pair.signal.threshold_of.at_most] : limit if limit != null]...
      )
      datapoints         = pair.signal.datapoints
      evaluation_periods = pair.signal.evaluation_periods
      missing_data       = pair.signal.missing_data

      description = join(" ", [
        "${local.kind_words[pair.signal.watches]} ${pair.resource.name}:",
        pair.signal.what,
        pair.signal.why,
        "Owner: ${pair.signal.owner}.",
        "Runbook: ${var.runbook_url_prefix}/${pair.signal_name}.md",
      ])
    } if contains(pair.signal.tiers, var.tier) && !contains(local.excepted, pair.key)
  }

  # What else reads alarms (composites, dashboards, outputs) reads them here, by name without the prefix.
  alarms = merge(local.signal_alarms, local.slo_alarms)

  actions = {
    page   = [local.topic_arns.page]
    ticket = [local.topic_arns.ticket]
    none   = []
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name        = each.value.name
  alarm_description = each.value.description

  # One series,
  namespace          = each.value.expression == null ? each.value.namespace : null
  metric_name        = each.value.metric
  dimensions         = each.value.expression == null ? each.value.dimensions : null
  statistic          = contains(local.plain_statistics, coalesce(each.value.statistic, "Sum")) ? each.value.statistic : null
  extended_statistic = contains(local.plain_statistics, coalesce(each.value.statistic, "Sum")) ? null : each.value.statistic
  period             = each.value.expression == null ? each.value.period : null

  # or an expression over several.
  dynamic "metric_query" {
    for_each = each.value.expression == null ? {} : each.value.queries

    content {
      id          = metric_query.key
      return_data = false

      metric {
        namespace   = each.value.namespace
        metric_name = metric_query.value.metric
        dimensions  = each.value.dimensions
        stat        = metric_query.value.statistic
        period      = each.value.period
      }
    }
  }

  dynamic "metric_query" {
    for_each = each.value.expression[*]

    content {
      id          = "result"
      label       = each.key
      expression  = metric_query.value
      return_data = true
    }
  }

  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  datapoints_to_alarm = each.value.datapoints
  evaluation_periods  = each.value.evaluation_periods
  treat_missing_data  = each.value.missing_data

  # Of few requests, too, the share that was quick is a fact; api-quiet sees to it that it wakes nobody.
  evaluate_low_sample_count_percentiles = contains(local.plain_statistics, coalesce(each.value.statistic, "Sum")) ? null : "evaluate"

  alarm_actions = each.value.tells ? local.actions[each.value.severity] : []
  # What pages also says when it is over: an alarm that ends by itself at night needs no one.
  ok_actions = each.value.tells && each.value.severity == "page" ? local.actions.page : []

  # How tooling and people get from an alarm back to the data that made it.
  tags = merge(
    { signal = each.value.signal, resource = each.value.resource, severity = each.value.severity, owner = each.value.owner },
    { for key, window in { window = each.value.window } : key => window if window != null },
  )

  # Known by name only.
  depends_on = [aws_sns_topic.this]

  lifecycle {
    precondition {
      condition     = length(setintersection(keys(local.signal_alarms), keys(local.slo_alarms))) == 0
      error_message = "Two alarms would be called ${join(", ", setintersection(keys(local.signal_alarms), keys(local.slo_alarms)))}: rename a signal (dashboards/alarms.yaml) or an objective (dashboards/slo.yaml)."
    }

    precondition {
      condition     = contains([10, 20, 30], each.value.period) || (each.value.period >= 60 && each.value.period % 60 == 0)
      error_message = "${each.key}: its period of ${each.value.period} s is none of CloudWatch's: 10, 20, 30 or a multiple of 60."
    }

    precondition {
      condition     = each.value.period * each.value.evaluation_periods <= (each.value.period < 3600 ? 86400 : 604800)
      error_message = "${each.key}: ${each.value.evaluation_periods} periods of ${each.value.period} s are longer than CloudWatch looks back: a day where a period is below an hour, else seven days. Shorten the window."
    }

    precondition {
      condition     = each.value.threshold >= 0
      error_message = "${each.key}: a threshold of ${each.value.threshold} is below every value of the metrics in use, none of which is negative."
    }

    precondition {
      condition     = length(each.value.description) <= 1024
      error_message = "${each.key}: its description has ${length(each.value.description)} characters; CloudWatch keeps 1,024. Shorten what or why."
    }
  }
}
