# The objectives as they ship (dashboards/slo.yaml): every threshold is recomputed here from the file.

mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  namespace  = "acme"
  stage      = "test"
  region     = "us-east-1"
  account_id = "111122223333"

  tier               = "prod"
  tiers              = yamldecode(file("../../../dashboards/alarms.yaml")).tiers
  signals            = yamldecode(file("../../../dashboards/alarms.yaml")).signals
  slo                = yamldecode(file("../../../dashboards/slo.yaml"))
  runbook_url_prefix = "https://example.com/runbooks"

  functions = {
    api       = { name = "acme-useast1-test-api", timeout_seconds = 25, memory_mb = 512, invoked_by = "api", log_group_name = "/aws/lambda/acme-useast1-test-api" }
    processor = { name = "acme-useast1-test-processor", timeout_seconds = 30, memory_mb = 512, invoked_by = "queue", log_group_name = "/aws/lambda/acme-useast1-test-processor" }
    scheduler = { name = "acme-useast1-test-scheduler", timeout_seconds = 60, memory_mb = 256, invoked_by = "schedule", failure_destination = true, log_group_name = "/aws/lambda/acme-useast1-test-scheduler" }
  }
  queues = {
    orders     = { name = "acme-useast1-test-orders", kind = "work", retention_seconds = 345600, consumer = "processor", visibility_timeout_seconds = 180 }
    orders-dlq = { name = "acme-useast1-test-orders-dlq", kind = "dead_letter", retention_seconds = 1209600, visibility_timeout_seconds = 30 }
  }
  tables    = { orders = { name = "acme-useast1-test-orders", indexes = ["GSI1"] } }
  schedules = { resend-orders = { name = "acme-useast1-test-resend-orders", group = "default", function = "scheduler", period_seconds = 300 } }
  api = {
    type                   = "http"
    id                     = "abc123"
    name                   = "acme-useast1-test-api"
    stage                  = "$default"
    integration_timeout_ms = 30000
    access_log_group_name  = "/aws/apigateway/acme-useast1-test"
  }
  user_pools = { users = { id = "us-east-1_abc", clients = { people = "client" } } }
}

run "an_http_api_s_error_rate_is_an_expression_over_each_window" {
  command = plan

  assert {
    condition = { for key, alarm in aws_cloudwatch_metric_alarm.this : alarm.tags.window => alarm.threshold if try(alarm.tags.signal, "") == "api-availability" } == {
      "1h" = 0.0144, "5m" = 0.0144, "6h" = 0.006, "30m" = 0.006, "1d" = 0.003, "2h" = 0.003, "3d" = 0.001, "6h-ticket" = 0.001
    }
    error_message = "each threshold must be burn x (1 - objective)"
  }

  assert {
    condition = { for key, alarm in aws_cloudwatch_metric_alarm.this : alarm.tags.window => one(distinct(flatten([for query in alarm.metric_query : query.metric[*].period]))) if try(alarm.tags.signal, "") == "api-availability" } == {
      "1h" = 3600, "5m" = 300, "6h" = 21600, "30m" = 1800, "1d" = 86400, "2h" = 7200, "3d" = 259200, "6h-ticket" = 21600
    }
    error_message = "a window must be one period"
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      toset(flatten([for query in alarm.metric_query : query.metric[*].metric_name])) == toset(["5xx", "Count"]) &&
      one([for query in alarm.metric_query : query.expression if query.return_data]) == "IF(errors >= ${var.slo.quiet.minimum_errors}, errors / requests, 0)" &&
      alarm.evaluation_periods == 1 && alarm.comparison_operator == "GreaterThanThreshold"
      if alarm.tags.signal == "api-availability"
    ])
    error_message = "the error rate of an HTTP API is 5xx over Count, of three errors or more"
  }

  assert {
    condition     = one([for query in aws_cloudwatch_metric_alarm.this["api-availability-5m"].metric_query : query.expression if query.return_data]) == "IF(errors >= 3, errors / requests, 0)"
    error_message = "one ordinary error in a short window must not tell a second time of an outage that is over"
  }
}

run "a_rest_api_s_error_rate_is_the_average_of_one_metric" {
  command = plan

  variables {
    api = {
      type                   = "rest"
      id                     = "abc123"
      name                   = "acme-useast1-test-api"
      stage                  = "live"
      integration_timeout_ms = 29000
      access_log_group_name  = "/aws/apigateway/acme-useast1-test"
    }
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      alarm.metric_name == "5XXError" && alarm.statistic == "Average" && length(alarm.metric_query) == 0 &&
      alarm.dimensions == tomap({ ApiName = "acme-useast1-test-api", Stage = "live" })
      if alarm.tags.signal == "api-availability"
    ])
    error_message = "5XXError is 0 or 1 a request, by ApiName and Stage: its average is the rate, at half the price"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["api-availability-1h"].threshold == 0.0144 && aws_cloudwatch_metric_alarm.this["api-quiet"].dimensions == tomap({ ApiName = "acme-useast1-test-api", Stage = "live" })
    error_message = "the threshold must be that of an HTTP API, the dimensions those of a REST API"
  }

  assert {
    condition = contains(flatten([
      for query in aws_cloudwatch_metric_alarm.this["api-client-errors"].metric_query : query.metric[*].metric_name
    ]), "4XXError")
    error_message = "signals must be told in this API's names, too"
  }
}

run "latency_is_the_share_of_quick_requests" {
  command = plan

  assert {
    condition = { for key, alarm in aws_cloudwatch_metric_alarm.this : alarm.tags.window => alarm.threshold if try(alarm.tags.signal, "") == "api-latency" } == {
      "1h" = 85.6, "5m" = 85.6, "6h" = 94, "30m" = 94, "1d" = 97, "2h" = 97, "3d" = 99, "6h-ticket" = 99
    }
    error_message = "each threshold must be 100 x (1 - burn x (1 - objective))"
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      alarm.extended_statistic == "PR(:1000)" && alarm.comparison_operator == "LessThanThreshold" && alarm.treat_missing_data == "notBreaching"
      if alarm.tags.signal == "api-latency"
    ])
    error_message = "the percent rank of the limit adds up over any window; a percentile does not"
  }
}

run "success_counts_deliveries_that_were_not_finished" {
  command = plan

  assert {
    condition = { for key, alarm in aws_cloudwatch_metric_alarm.this : alarm.tags.window => alarm.threshold if try(alarm.tags.signal, "") == "orders-flow-success" } == {
      "1h" = 0.144, "5m" = 0.144, "6h" = 0.06, "30m" = 0.06, "1d" = 0.03, "2h" = 0.03, "3d" = 0.01, "6h-ticket" = 0.01
    }
    error_message = "each threshold must be burn x (1 - objective)"
  }

  assert {
    condition = (
      one([for query in aws_cloudwatch_metric_alarm.this["orders-flow-success-1h"].metric_query : query.expression if query.return_data]) ==
      "IF(received - deleted >= 10, (received - deleted) / received, 0)"
    )
    error_message = "one poison message must not count as a broken flow"
  }
}

run "freshness_counts_minutes_of_a_day_at_most" {
  command = plan

  assert {
    condition = {
      for key, alarm in aws_cloudwatch_metric_alarm.this : alarm.tags.window => "${alarm.datapoints_to_alarm} of ${alarm.evaluation_periods}"
      if try(alarm.tags.signal, "") == "orders-flow-freshness"
      } == {
      "1h" = "9 of 60", "5m" = "1 of 5", "6h" = "22 of 360", "30m" = "2 of 30", "1d" = "44 of 1440", "2h" = "4 of 120"
    }
    error_message = "more than burn x (1 - objective) of the window's minutes, and no pair that reaches past a day"
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this : alarm.threshold == 240 && alarm.period == 60 && alarm.statistic == "Maximum" if alarm.tags.signal == "orders-flow-freshness"
    ])
    error_message = "a minute is bad whose oldest message waited longer than the limit"
  }
}

run "quiet_is_too_little_for_three_errors_to_mean_anything" {
  command = plan

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["api-quiet"].threshold == ceil(3 / (14.4 * 0.001)) &&
      aws_cloudwatch_metric_alarm.this["api-quiet"].threshold == 209 &&
      aws_cloudwatch_metric_alarm.this["api-quiet"].period == 3600 &&
      aws_cloudwatch_metric_alarm.this["api-quiet"].statistic == "SampleCount" &&
      aws_cloudwatch_metric_alarm.this["api-quiet"].treat_missing_data == "breaching"
    )
    error_message = "below 209 requests an hour, two errors would page at the fastest burn rate"
  }
}

run "objectives_have_no_actions_of_their_own" {
  command = plan

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this : length(coalesce(alarm.alarm_actions, [])) == 0 && length(coalesce(alarm.ok_actions, [])) == 0
      if can(alarm.tags.window) || alarm.tags.signal == "quiet"
    ])
    error_message = "one window of a pair is no reason to wake anybody: the composite tells"
  }
}

run "an_objective_of_what_the_stack_lacks_makes_no_alarm" {
  command = plan

  variables {
    api       = null
    schedules = {}
    queues    = { orders = { name = "o", kind = "work", retention_seconds = 345600, consumer = "processor", visibility_timeout_seconds = 180 } }
  }

  assert {
    condition     = length([for key in keys(aws_cloudwatch_metric_alarm.this) : key if startswith(key, "api-availability") || key == "api-quiet"]) == 0
    error_message = "without an API there is nothing to measure"
  }

  assert {
    condition     = startswith(aws_cloudwatch_composite_alarm.page[0].alarm_rule, "(ALARM(\"acme-useast1-test-orders-flow-")
    error_message = "what is left must still page"
  }
}

run "refuses_an_objective_that_leaves_no_budget" {
  command         = plan
  expect_failures = [var.slo]

  variables {
    slo = {
      burn_rates = [{ severity = "page", burn = 14.4, long = "1h", short = "5m" }]
      quiet      = { minimum_errors = 3, window = "1h" }
      slos       = { api = { watches = "api", owner = "orders", availability = { objective = 1, what = "w", why = "w" } } }
    }
  }
}

run "refuses_a_burn_rate_that_cannot_be_reached" {
  command         = plan
  expect_failures = [var.slo]

  variables {
    slo = {
      burn_rates = [{ severity = "page", burn = 14.4, long = "1h", short = "5m" }]
      quiet      = { minimum_errors = 3, window = "1h" }
      slos       = { api = { watches = "api", owner = "orders", availability = { objective = 0.93, what = "w", why = "w" } } }
    }
  }
}

run "refuses_a_latency_that_nothing_exceeds" {
  command         = plan
  expect_failures = [var.slo]

  variables {
    slo = {
      burn_rates = [{ severity = "page", burn = 14.4, long = "1h", short = "5m" }]
      quiet      = { minimum_errors = 3, window = "1h" }
      slos       = { api = { watches = "api", owner = "orders", latency = { objective = 0.99, threshold_ms = 25000, what = "w", why = "w" } } }
    }
  }
}

run "refuses_a_freshness_that_one_retry_breaks" {
  command         = plan
  expect_failures = [var.slo]

  # As long as the visibility timeout, which a failed delivery waits out.
  variables {
    slo = {
      burn_rates = [{ severity = "page", burn = 14.4, long = "1h", short = "5m" }]
      quiet      = { minimum_errors = 3, window = "1h" }
      slos       = { orders-flow = { watches = "queues", resource = "orders", owner = "orders", freshness = { objective = 0.99, threshold_seconds = 180, what = "w", why = "w" } } }
    }
  }
}

run "refuses_a_freshness_finer_than_its_metric" {
  command         = plan
  expect_failures = [var.slo]

  variables {
    queues = { orders = { name = "o", kind = "work", retention_seconds = 345600, consumer = "processor", visibility_timeout_seconds = 20 } }
    slo = {
      burn_rates = [{ severity = "page", burn = 14.4, long = "1h", short = "5m" }]
      quiet      = { minimum_errors = 3, window = "1h" }
      slos       = { orders-flow = { watches = "queues", resource = "orders", owner = "orders", freshness = { objective = 0.99, threshold_seconds = 30, what = "w", why = "w" } } }
    }
  }
}

run "refuses_a_freshness_that_is_an_api_s" {
  command         = plan
  expect_failures = [var.slo]

  variables {
    slo = {
      burn_rates = [{ severity = "page", burn = 14.4, long = "1h", short = "5m" }]
      quiet      = { minimum_errors = 3, window = "1h" }
      slos       = { api = { watches = "api", owner = "orders", freshness = { objective = 0.99, threshold_seconds = 60, what = "w", why = "w" } } }
    }
  }
}

run "refuses_a_window_that_is_no_time" {
  command         = plan
  expect_failures = [var.slo]

  variables {
    slo = {
      burn_rates = [{ severity = "page", burn = 14.4, long = "1h", short = "5 minutes" }]
      quiet      = { minimum_errors = 3, window = "1h" }
      slos       = { api = { watches = "api", owner = "orders", availability = { objective = 0.999, what = "w", why = "w" } } }
    }
  }
}

run "refuses_a_short_window_that_is_the_longer_one" {
  command         = plan
  expect_failures = [var.slo]

  variables {
    slo = {
      burn_rates = [{ severity = "page", burn = 14.4, long = "5m", short = "1h" }]
      quiet      = { minimum_errors = 3, window = "1h" }
      slos       = { api = { watches = "api", owner = "orders", availability = { objective = 0.999, what = "w", why = "w" } } }
    }
  }
}

run "refuses_a_window_longer_than_cloudwatch_looks_back" {
  command         = plan
  expect_failures = [var.slo]

  variables {
    slo = {
      burn_rates = [{ severity = "ticket", burn = 1, long = "8d", short = "6h" }]
      quiet      = { minimum_errors = 3, window = "1h" }
      slos       = { api = { watches = "api", owner = "orders", availability = { objective = 0.999, what = "w", why = "w" } } }
    }
  }
}

run "refuses_a_window_that_two_alarms_would_be_named_by" {
  command         = plan
  expect_failures = [var.slo]

  variables {
    slo = {
      burn_rates = [{ severity = "page", burn = 14.4, long = "1h", short = "5m" }, { severity = "page", burn = 6, long = "6h", short = "5m" }]
      quiet      = { minimum_errors = 3, window = "1h" }
      slos       = { api = { watches = "api", owner = "orders", availability = { objective = 0.999, what = "w", why = "w" } } }
    }
  }
}

run "refuses_a_severity_nobody_listens_to" {
  command         = plan
  expect_failures = [var.slo]

  variables {
    slo = {
      burn_rates = [{ severity = "warning", burn = 14.4, long = "1h", short = "5m" }]
      quiet      = { minimum_errors = 3, window = "1h" }
      slos       = { api = { watches = "api", owner = "orders", availability = { objective = 0.999, what = "w", why = "w" } } }
    }
  }
}
