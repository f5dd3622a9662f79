# The signals as they ship (dashboards/alarms.yaml), rendered for a stack with one more of everything than ours.

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

run "every_signal_has_its_alarm" {
  command = plan

  assert {
    condition = toset([for alarm in aws_cloudwatch_metric_alarm.this : trimprefix(alarm.alarm_name, "acme-useast1-test-") if !can(alarm.tags.window)]) == toset([
      "api-application-errors", "api-client-errors", "api-near-timeout", "api-quiet", "api-throttles",
      "orders-age", "orders-stalled", "orders-throttled", "orders-gsi1-index-throttled", "orders-dlq-not-empty",
      "processor-application-errors", "processor-errors", "processor-near-timeout", "processor-throttles",
      "resend-orders-did-not-run", "resend-orders-schedule-dlq-lost", "resend-orders-schedule-dropped",
      "scheduler-application-errors", "scheduler-async-dropped", "scheduler-destination-failed", "scheduler-failed",
      "scheduler-near-timeout", "scheduler-throttles", "users-people-sign-in-throttles",
    ])
    error_message = "each resource must have the alarms of the signals that watch its kind: ${join(", ", output.alarm_names)}"
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      length(alarm.alarm_description) > 100 && length(alarm.alarm_description) <= 1024 &&
      can(regex("Runbook: https://example.com/runbooks/[a-z-]+\\.md$", alarm.alarm_description))
    ])
    error_message = "a description must say what, why and where the runbook is, in CloudWatch's 1024 characters"
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      contains(["page", "ticket", "none"], alarm.tags.severity) && alarm.tags.signal != "" && alarm.tags.resource != "" && alarm.tags.owner != ""
    ])
    error_message = "signal, resource, severity and owner must lead from an alarm back to its data"
  }
}

run "an_alarm_tells_the_topic_of_its_severity" {
  command = plan

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      alarm.alarm_actions == toset([output.topic_arns[alarm.tags.severity]])
      if !can(alarm.tags.window) && alarm.tags.severity != "none"
    ])
    error_message = "a page must go to the topic of pages, a ticket to that of tickets"
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      coalesce(alarm.ok_actions, []) == toset(alarm.tags.severity == "page" ? [output.topic_arns.page] : [])
      if !can(alarm.tags.window)
    ])
    error_message = "whoever was paged must hear that it is over, and nobody else"
  }

  assert {
    condition     = output.topic_arns.page == "arn:aws:sns:us-east-1:111122223333:acme-useast1-test-page"
    error_message = "the topic an alarm tells must be known before it exists"
  }
}

run "alarms_watch_metrics_and_dimensions_that_aws_reports" {
  command = plan

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["api-throttles"].namespace == "AWS/Lambda" &&
      aws_cloudwatch_metric_alarm.this["api-throttles"].metric_name == "Throttles" &&
      aws_cloudwatch_metric_alarm.this["api-throttles"].dimensions == tomap({ FunctionName = "acme-useast1-test-api" })
    )
    error_message = "throttles are AWS/Lambda Throttles by FunctionName"
  }

  assert {
    condition = alltrue([
      for query in aws_cloudwatch_metric_alarm.this["api-client-errors"].metric_query :
      contains(["4xx", "Count"], one(query.metric).metric_name) && one(query.metric).dimensions == tomap({ ApiId = "abc123", Stage = "$default" })
      if length(query.metric) > 0
    ])
    error_message = "an HTTP API reports 4xx (not 4XXError) by ApiId and Stage"
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["orders-dlq-not-empty"].metric_name == "ApproximateNumberOfMessagesVisible" &&
      aws_cloudwatch_metric_alarm.this["orders-dlq-not-empty"].dimensions == tomap({ QueueName = "acme-useast1-test-orders-dlq" }) &&
      aws_cloudwatch_metric_alarm.this["orders-dlq-not-empty"].statistic == "Maximum" &&
      aws_cloudwatch_metric_alarm.this["orders-dlq-not-empty"].threshold == 1
    )
    error_message = "one message in a dead-letter queue must be an alarm; NumberOfMessagesSent misses redrives"
  }

  assert {
    condition = alltrue([
      for query in aws_cloudwatch_metric_alarm.this["orders-gsi1-index-throttled"].metric_query :
      one(query.metric).dimensions == tomap({ TableName = "acme-useast1-test-orders", GlobalSecondaryIndexName = "GSI1" }) if length(query.metric) > 0
    ])
    error_message = "an index is reported by TableName and GlobalSecondaryIndexName"
  }

  assert {
    condition = alltrue([
      for query in aws_cloudwatch_metric_alarm.this["resend-orders-did-not-run"].metric_query :
      one(query.metric).namespace == "AWS/Lambda" && one(query.metric).period == 600 && one(query.metric).dimensions == tomap({ FunctionName = "acme-useast1-test-scheduler" })
      if length(query.metric) > 0
    ])
    error_message = "a schedule that does not run shows in its function, over two of its periods"
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      length(alarm.metric_query) == 0 || length([for query in alarm.metric_query : query if query.return_data]) == 1
    ])
    error_message = "exactly one query of an expression may be compared with the threshold"
  }
}

run "thresholds_and_periods_follow_the_resource" {
  command = plan

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["api-near-timeout"].threshold == 23750 &&
      aws_cloudwatch_metric_alarm.this["scheduler-near-timeout"].threshold == 57000
    )
    error_message = "near-timeout is 95% of each function's own timeout, in milliseconds"
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["scheduler-near-timeout"].period == 300 &&
      aws_cloudwatch_metric_alarm.this["processor-near-timeout"].period == 60
    )
    error_message = "the periods of a function that runs every 300 s must not be shorter"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["orders-age"].threshold == 300
    error_message = "the age must be the promised one while that is below a quarter of the retention"
  }
}

run "a_short_retention_lowers_the_age" {
  command = plan

  variables {
    queues = { orders = { name = "orders", kind = "work", retention_seconds = 600, consumer = null, visibility_timeout_seconds = 180 } }
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["orders-age"].threshold == 150
    error_message = "nothing gets older than the retention: a quarter of it must be the threshold"
  }

  assert {
    condition     = !contains(keys(aws_cloudwatch_metric_alarm.this), "orders-stalled")
    error_message = "a queue that nobody consumes cannot stall"
  }
}

run "silence_means_what_it_means_for_each_metric" {
  command = plan

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this : alarm.treat_missing_data == (
        alarm.tags.signal == "not-empty" ? "ignore" : contains(["did-not-run", "no-traffic", "quiet"], alarm.tags.signal) ? "breaching" : "notBreaching"
      )
    ])
    error_message = "an idle dead-letter queue stays in alarm while unread, what must happen is missed; for the rest no data is no problem"
  }
}

run "whatever_a_stack_gains_is_watched" {
  command = plan

  variables {
    functions = {
      api       = { name = "a", timeout_seconds = 25, memory_mb = 512, invoked_by = "api", log_group_name = "/aws/lambda/a" }
      processor = { name = "p", timeout_seconds = 30, memory_mb = 512, invoked_by = "queue", log_group_name = "/aws/lambda/p" }
      scheduler = { name = "s", timeout_seconds = 60, memory_mb = 256, invoked_by = "schedule", log_group_name = "/aws/lambda/s" }
      projector = { name = "j", timeout_seconds = 10, memory_mb = 256, invoked_by = "stream", log_group_name = "/aws/lambda/j" }
    }
    queues = {
      orders       = { name = "o", kind = "work", retention_seconds = 345600, consumer = "processor", visibility_timeout_seconds = 180 }
      invoices     = { name = "i", kind = "work", retention_seconds = 345600, consumer = "projector", visibility_timeout_seconds = 60 }
      invoices-dlq = { name = "d", kind = "dead_letter", retention_seconds = 1209600, consumer = "projector", visibility_timeout_seconds = 60 }
    }
    tables = { orders = { name = "t", indexes = ["GSI1", "GSI2"] }, audit = { name = "u" } }
  }

  assert {
    condition = length(setsubtract([
      "projector-stream-age", "projector-throttles", "projector-near-timeout", "projector-application-errors",
      "invoices-age", "invoices-stalled", "invoices-dlq-not-empty", "invoices-dlq-consumed",
      "orders-gsi2-index-throttled", "audit-throttled",
    ], keys(aws_cloudwatch_metric_alarm.this))) == 0
    error_message = "a new function, queue, table or index must have its alarms by itself"
  }

  assert {
    condition     = strcontains(aws_cloudwatch_composite_alarm.deploy[0].alarm_rule, "ALARM(\"acme-useast1-test-invoices-dlq-not-empty\")")
    error_message = "a new dead-letter queue must hold a rollout back, too"
  }

  assert {
    condition     = !contains(keys(aws_cloudwatch_metric_alarm.this), "scheduler-destination-failed")
    error_message = "a function without a failure destination cannot fail to reach it"
  }
}

run "no_traffic_is_missed_only_where_a_probe_makes_some" {
  command = plan

  variables {
    canary_enabled = true
    canary_runtime = "syn-python-selenium-9.1"
  }

  assert {
    condition     = contains(keys(aws_cloudwatch_metric_alarm.this), "api-no-traffic")
    error_message = "with a canary, no request in half an hour is a fault"
  }
}

run "a_cron_schedule_and_a_disabled_one_are_not_missed" {
  command = plan

  variables {
    schedules = { resend-orders = { name = "r", group = "default", function = "scheduler", period_seconds = null } }
  }

  assert {
    condition     = !contains(keys(aws_cloudwatch_metric_alarm.this), "resend-orders-did-not-run") && contains(keys(aws_cloudwatch_metric_alarm.this), "resend-orders-schedule-dropped")
    error_message = "without a period nobody can say that a run is late; dropped ones are told all the same"
  }
}

run "the_account_is_watched_once" {
  command = plan

  variables {
    account_alarms_enabled    = true
    account_concurrency_quota = 500
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["account-concurrency"].threshold == 400 && length(coalesce(aws_cloudwatch_metric_alarm.this["account-concurrency"].dimensions, {})) == 0
    error_message = "80% of the account's quota, of a metric without dimensions"
  }
}

run "staging_has_what_a_rollout_is_judged_by" {
  command = plan

  variables {
    tier = "staging"
  }

  assert {
    condition = toset(keys(aws_cloudwatch_metric_alarm.this)) == toset([
      "api-availability-5m", "api-latency-5m", "orders-flow-success-5m", "orders-flow-freshness-5m", "orders-dlq-not-empty", "scheduler-async-dropped",
    ])
    error_message = "staging must have the children of the deploy alarm and no more: ${join(", ", keys(aws_cloudwatch_metric_alarm.this))}"
  }
}

run "dev_has_no_alarm_to_pay_for" {
  command = plan

  variables {
    tier = "dev"
  }

  assert {
    condition     = length(output.alarm_names) == 0 && length(output.composite_alarm_names) == 0
    error_message = "nobody is on call for dev"
  }
}

run "an_exception_takes_one_alarm_of_one_resource_away" {
  command = plan

  variables {
    exceptions = [{ resource = "scheduler", signal = "near-timeout", decided_on = "2026-11-23", reason = "the import runs long" }]
  }

  assert {
    condition     = !contains(keys(aws_cloudwatch_metric_alarm.this), "scheduler-near-timeout") && contains(keys(aws_cloudwatch_metric_alarm.this), "api-near-timeout")
    error_message = "the exception must take that alarm away and no other"
  }
}

run "refuses_an_exception_to_nothing" {
  command         = plan
  expect_failures = [var.exceptions]

  variables {
    exceptions = [{ resource = "importer", signal = "near-timeout", decided_on = "2026-11-23", reason = "the import runs long" }]
  }
}

run "refuses_a_tier_that_is_none" {
  command         = plan
  expect_failures = [var.tier]

  variables {
    tier = "production"
  }
}

run "refuses_what_no_resource_is" {
  command         = plan
  expect_failures = [var.functions, var.account_concurrency_quota, var.runbook_url_prefix]

  variables {
    functions                 = { api = { name = "a", timeout_seconds = 1000, memory_mb = 512, invoked_by = "nobody", log_group_name = "/aws/lambda/a" } }
    account_concurrency_quota = 5
    runbook_url_prefix        = "http://example.com/"
  }
}

run "refuses_a_queue_and_a_schedule_of_functions_there_are_not" {
  command         = plan
  expect_failures = [var.queues, var.schedules]

  variables {
    queues    = { orders = { name = "o", kind = "letters", retention_seconds = 60, consumer = "importer", visibility_timeout_seconds = 180 } }
    schedules = { resend-orders = { name = "r", group = "default", function = "importer" } }
  }
}

run "refuses_an_alarm_that_could_never_go_off" {
  command         = plan
  expect_failures = [var.signals]

  variables {
    signals = {
      broken = {
        watches            = "functions"
        metric             = "Errors"
        statistic          = "Sum"
        period_seconds     = 60
        comparison         = ">"
        threshold          = 0
        datapoints         = 4
        evaluation_periods = 3
        missing_data       = "notBreaching"
        severity           = "ticket"
        owner              = "orders"
        tiers              = ["prod"]
        what               = "More data points than there are periods."
        why                = "It is never in alarm."
      }
    }
  }
}

run "refuses_a_window_longer_than_cloudwatch_looks_back" {
  command         = plan
  expect_failures = [aws_cloudwatch_metric_alarm.this]

  variables {
    signals = {
      errors = {
        watches            = "functions"
        where              = { invoked_by = "queue" }
        metric             = "Errors"
        statistic          = "Sum"
        period_seconds     = 300
        comparison         = ">"
        threshold          = 0
        datapoints         = 3
        evaluation_periods = 289
        missing_data       = "notBreaching"
        severity           = "ticket"
        owner              = "orders"
        tiers              = ["prod"]
        what               = "Errors in a day and five minutes."
        why                = "CloudWatch looks back a day at periods below an hour."
      }
    }
  }
}
