# The objectives: for each service level indicator and each window an alarm on how much was bad, as a share of everything. Two windows
# make a pair, pairs make the composites (composites.tf).

variable "slo" {
  description = <<-EOT
    The objectives, as dashboards/schemas/slo.json describes them. `burn_rates`: how many times too fast the budget burns, over a
    long window and still over a short one. `quiet`: how few errors of an HTTP API are none, and below how much traffic an API pages
    nobody. `slos`: by name, what is watched (`api`, or `queues` with the queue's key as `resource`) and the indicators, each with its
    objective as a fraction.
  EOT
  type = object({
    burn_rates = list(object({ severity = string, burn = number, long = string, short = string }))
    quiet      = object({ minimum_errors = number, window = string })
    slos = map(object({
      watches      = string
      resource     = optional(string, "api")
      owner        = string
      availability = optional(object({ objective = number, what = string, why = string }))
      latency      = optional(object({ objective = number, threshold_ms = number, what = string, why = string }))
      success      = optional(object({ objective = number, minimum_bad = number, what = string, why = string }))
      freshness    = optional(object({ objective = number, threshold_seconds = number, what = string, why = string }))
    }))
  })

  validation {
    condition = alltrue([
      for window in flatten([var.slo.quiet.window, [for rate in var.slo.burn_rates : [rate.long, rate.short]]]) : can(regex("^[1-9][0-9]*[mhd]$", window))
    ])
    error_message = "slo: a window must be a number with m, h or d, such as 5m, 6h or 3d."
  }

  validation {
    condition = alltrue([
      for rate in var.slo.burn_rates : try(
        tonumber(regex("^[0-9]+", rate.short)) * local.unit_seconds[substr(rate.short, -1, 1)] < tonumber(regex("^[0-9]+", rate.long)) * local.unit_seconds[substr(rate.long, -1, 1)],
        false
      )
    ])
    error_message = "slo: burn_rates: short must be the shorter window, or the pair does not end soon after the trouble does."
  }

  validation {
    condition = alltrue([
      for rate in var.slo.burn_rates : try(tonumber(regex("^[0-9]+", rate.long)) * local.unit_seconds[substr(rate.long, -1, 1)] <= 604800, false)
    ])
    error_message = "slo: a window must be at most 7d: CloudWatch looks no further back."
  }

  validation {
    condition     = alltrue([for rate in var.slo.burn_rates : contains(["page", "ticket"], rate.severity)])
    error_message = "slo: burn_rates: severity must be page or ticket."
  }

  validation {
    condition = alltrue([
      for severity in ["page", "ticket"] :
      length(flatten([for rate in var.slo.burn_rates : [rate.long, rate.short] if rate.severity == severity])) ==
      length(toset(flatten([for rate in var.slo.burn_rates : [rate.long, rate.short] if rate.severity == severity])))
    ])
    error_message = "slo: burn_rates: a window may be used once for page and once for ticket, since alarms are named by it."
  }

  validation {
    condition     = alltrue([for slo in var.slo.slos : contains(["api", "queues"], slo.watches)])
    error_message = "slo: watches must be api or queues."
  }

  validation {
    condition = alltrue([
      for slo in var.slo.slos : slo.watches == "api" ? slo.success == null && slo.freshness == null : slo.availability == null && slo.latency == null
    ])
    error_message = "slo: availability and latency are an API's, success and freshness a queue's."
  }

  validation {
    condition = alltrue([
      for objective in flatten([
        for slo in var.slo.slos : [for terms in [slo.availability, slo.latency, slo.success, slo.freshness] : terms.objective if terms != null]
      ]) : objective > 0 && objective < 1
    ])
    error_message = "slo: an objective must be a fraction between 0 and 1, such as 0.999: without a budget every alarm is always on."
  }

  validation {
    # From 93.1% on with a burn rate of 14.4: below it, everything failing would not burn fast enough.
    condition = alltrue([
      for objective in flatten([
        for slo in var.slo.slos : [for terms in [slo.availability, slo.latency, slo.success, slo.freshness] : terms.objective if terms != null]
      ]) : max(0, var.slo.burn_rates[*].burn...) * (1 - objective) < 1
    ])
    error_message = "slo: burn x (1 - objective) must be below 1, or the alarm cannot go off even when everything fails. Raise the objective or lower the burn rate."
  }

  validation {
    condition = alltrue([
      for slo in var.slo.slos : slo.latency == null ? true : slo.latency.threshold_ms > 0 && slo.latency.threshold_ms < min(
        try(var.api.integration_timeout_ms, 29000),
        [for function in var.functions : function.timeout_seconds * 1000 if function.invoked_by == "api"]...
      )
    ])
    error_message = "slo: latency: threshold_ms must be above 0 and below the timeouts of the API's integration and of its functions: nothing takes longer than those, so the alarm could not go off."
  }

  validation {
    condition = alltrue([
      for slo in var.slo.slos : slo.freshness == null ? true : (
        slo.freshness.threshold_seconds >= 60 &&
        slo.freshness.threshold_seconds > try(var.queues[slo.resource].visibility_timeout_seconds, 0) &&
        slo.freshness.threshold_seconds < try(var.queues[slo.resource].retention_seconds, 1209600)
      )
    ])
    error_message = "slo: freshness: threshold_seconds must be at least 60, the resolution of the metric; above the queue's visibility_timeout_seconds, or one retry makes an order late; and below the queue's retention_seconds: nothing gets older."
  }
}

locals {
  unit_seconds = { m = 60, h = 3600, d = 86400 }
  window_seconds = {
    for window in distinct(flatten([var.slo.quiet.window, [for rate in var.slo.burn_rates : [rate.long, rate.short]]])) :
    window => try(tonumber(regex("^[0-9]+", window)) * local.unit_seconds[substr(window, -1, 1)], 0)
  }

  # Only objectives of what the stack has.
  slos = { for name, slo in var.slo.slos : name => slo if contains(keys(local.resources[slo.watches]), slo.resource) }

  # The indicators by name, with what makes them one.
  indicators = merge([
    for name, slo in local.slos : {
      for sli, terms in {
        availability = slo.availability
        latency      = slo.latency
        success      = slo.success
        freshness    = slo.freshness
        } : "${name}-${sli}" => {
        slo       = name
        sli       = sli
        kind      = slo.watches
        resource  = slo.resource
        watched   = local.resources[slo.watches][slo.resource]
        owner     = slo.owner
        objective = terms.objective
        budget    = 1 - terms.objective
        # The limit that makes a request slow or an order late, in the unit of its metric.
        limit       = try(terms.threshold_ms, terms.threshold_seconds, null)
        minimum_bad = try(terms.minimum_bad, null)
        what        = terms.what
        why         = terms.why
      } if terms != null
    }
  ]...)
}

locals {
  slo_alarm_scope = var.tiers[var.tier].slo

  paged_windows = flatten([for rate in var.slo.burn_rates : [rate.long, rate.short] if rate.severity == "page"])

  # One entry a window. The label is the window; a ticket's window that a page uses as well (6 h, at another burn rate) says so.
  windows = flatten([
    for rate in var.slo.burn_rates : [
      for window in [rate.long, rate.short] : {
        label    = rate.severity == "ticket" && contains(local.paged_windows, window) ? "${window}-ticket" : window
        window   = window
        seconds  = local.window_seconds[window]
        severity = rate.severity
        burn     = rate.burn
        pair     = "${rate.severity}-${rate.long}"
        long     = window == rate.long
      }
    ]
  ])

  # What a rollout is judged by: the shortest window of the fastest burn rate.
  deploy_window = local.windows[index(local.windows[*].seconds, min(local.windows[*].seconds...))].label

  # An indicator's windows. Freshness counts minutes, and CloudWatch counts those of one day at most: there a pair ends.
  indicator_windows = merge([
    for name, indicator in local.indicators : {
      for window in local.windows : "${name}-${window.label}" => merge(window, { indicator = name })
      if indicator.sli != "freshness" || !contains([for other in local.windows : other.pair if other.seconds > 86400], window.pair)
    }
  ]...)

  # What each kind of indicator is measured by: either the share of what was bad, in one metric or one expression, compared with
  # burn x budget, or (minutes) how many of them may be bad. `expression` is the bad share over any window, for graphs too.
  measures = {
    for name, indicator in local.indicators : name => {
      availability = {
        # A REST API's 5XXError is 0 or 1 for each request, so its average is the error rate. What the average of an HTTP API's 5xx
        # is AWS does not say: there errors are counted, and too few of them are none.
        metric     = local.api_type == "rest" ? local.api_metrics["5xx"] : null
        statistic  = local.api_type == "rest" ? "Average" : null
        inverted   = false
        minutes    = false
        expression = "IF(errors >= ${var.slo.quiet.minimum_errors}, errors / requests, 0)"
        queries = {
          errors   = { metric = local.api_metrics["5xx"], statistic = "Sum" }
          requests = { metric = local.api_metrics["Count"], statistic = "SampleCount" }
        }
      }
      latency = {
        # Percent of the requests that were quick enough: unlike a percentile it adds up over any window.
        metric     = local.api_metrics["Latency"]
        statistic  = "PR(:${coalesce(indicator.limit, 0)})"
        inverted   = true
        minutes    = false
        expression = "(100 - quick) / 100"
        queries    = { quick = { metric = local.api_metrics["Latency"], statistic = "PR(:${coalesce(indicator.limit, 0)})" } }
      }
      success = {
        metric     = null
        statistic  = null
        inverted   = false
        minutes    = false
        expression = "IF(received - deleted >= ${coalesce(indicator.minimum_bad, 1)}, (received - deleted) / received, 0)"
        queries = {
          received = { metric = "NumberOfMessagesReceived", statistic = "Sum" }
          deleted  = { metric = "NumberOfMessagesDeleted", statistic = "Sum" }
        }
      }
      freshness = {
        # SQS reports the age only while something waits, and no percentile of it: minutes are counted, a silent one is a good one.
        metric     = "ApproximateAgeOfOldestMessage"
        statistic  = "Maximum"
        inverted   = false
        minutes    = true
        expression = null
        queries    = {}
      }
    }[indicator.sli]
  }

  burn_alarms = {
    for key, window in local.indicator_windows : key => {
      name     = "${local.prefix}-${key}"
      signal   = window.indicator
      resource = local.indicators[window.indicator].slo
      window   = window.label
      severity = window.severity
      owner    = local.indicators[window.indicator].owner
      deploy   = window.label == local.deploy_window
      tells    = false

      namespace  = local.indicators[window.indicator].watched.namespace
      dimensions = local.indicators[window.indicator].watched.dimensions
      metric     = local.measures[window.indicator].metric
      statistic  = local.measures[window.indicator].statistic
      expression = local.measures[window.indicator].metric == null ? local.measures[window.indicator].expression : null
      queries    = local.measures[window.indicator].metric == null ? local.measures[window.indicator].queries : {}

      period     = local.measures[window.indicator].minutes ? 60 : window.seconds
      comparison = local.measures[window.indicator].inverted ? "LessThanThreshold" : "GreaterThanThreshold"
      # Ten digits: a threshold is a number people read, not the last bit of a product.
      threshold = (
        local.measures[window.indicator].minutes ? local.indicators[window.indicator].limit :
        local.measures[window.indicator].inverted ? tonumber(format("%.8f", 100 * (1 - window.burn * local.indicators[window.indicator].budget))) :
        tonumber(format("%.10f", window.burn * local.indicators[window.indicator].budget))
      )
      evaluation_periods = local.measures[window.indicator].minutes ? window.seconds / 60 : 1
      datapoints = (
        local.measures[window.indicator].minutes ?
        floor(tonumber(format("%.8f", window.burn * local.indicators[window.indicator].budget * window.seconds / 60))) + 1 : 1
      )
      missing_data = "notBreaching" # nothing asked for, nothing failed

      description = join(" ", [
        "Objective ${window.indicator} (${local.indicators[window.indicator].objective * 100}%), ${window.window} window:",
        local.indicators[window.indicator].what,
        "The error budget of 30 days burns over ${window.burn} times too fast.",
        local.indicators[window.indicator].why,
        "A composite alarm tells, when the other window of the pair agrees.",
        "Owner: ${local.indicators[window.indicator].owner}.",
        "Runbook: ${var.runbook_url_prefix}/${window.indicator}.md",
      ])
    }
    if local.slo_alarm_scope == "all" || (local.slo_alarm_scope == "deploy" && window.label == local.deploy_window)
  }

  # Each API objective's errors an hour at which the fastest burn rate would page; the least traffic at which that is no accident.
  quiet_below = {
    for name, indicator in local.indicators :
    indicator.slo => ceil(var.slo.quiet.minimum_errors / (max(var.slo.burn_rates[*].burn...) * indicator.budget))...
    if indicator.sli == "availability"
  }

  quiet_alarms = {
    for slo, requests in local.quiet_below : "${slo}-quiet" => {
      name     = "${local.prefix}-${slo}-quiet"
      signal   = "quiet"
      resource = slo
      window   = null
      severity = "none"
      owner    = local.slos[slo].owner
      deploy   = false
      tells    = false

      namespace  = local.resources.api.api.namespace
      dimensions = local.resources.api.api.dimensions
      metric     = local.api_metrics["Count"]
      statistic  = "SampleCount"
      expression = null
      queries    = {}

      period             = local.window_seconds[var.slo.quiet.window]
      comparison         = "LessThanThreshold"
      threshold          = max(requests...)
      datapoints         = 1
      evaluation_periods = 1
      missing_data       = "breaching" # no request at all is as quiet as it gets

      description = join(" ", [
        "Not a fault: under ${max(requests...)} requests in ${var.slo.quiet.window}.",
        "So few make a page of ${var.slo.quiet.minimum_errors} errors or less, so that ${local.prefix}-page leaves the API's objectives alone; tickets go on.",
        "Runbook: ${var.runbook_url_prefix}/${slo}-availability.md",
      ])
    } if local.slo_alarm_scope == "all"
  }

  slo_alarms = merge(local.burn_alarms, local.quiet_alarms)
}
