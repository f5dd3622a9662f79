# Log lines that count as a metric.

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

run "each_function_s_errors_are_counted_under_the_name_its_alarm_reads" {
  command = plan

  assert {
    condition = alltrue([
      for key, filter in aws_cloudwatch_log_metric_filter.this :
      one(filter.metric_transformation).name == aws_cloudwatch_metric_alarm.this[key].metric_name &&
      one(filter.metric_transformation).namespace == aws_cloudwatch_metric_alarm.this[key].namespace
    ]) && toset(keys(aws_cloudwatch_log_metric_filter.this)) == toset(["api-application-errors", "processor-application-errors", "scheduler-application-errors"])
    error_message = "a filter and its alarm must agree on namespace and name"
  }

  assert {
    condition = (
      aws_cloudwatch_log_metric_filter.this["api-application-errors"].log_group_name == "/aws/lambda/acme-useast1-test-api" &&
      aws_cloudwatch_log_metric_filter.this["api-application-errors"].pattern == "{ $.level = \"ERROR\" }" &&
      one(aws_cloudwatch_log_metric_filter.this["api-application-errors"].metric_transformation).namespace == "acme-useast1-test/logs"
    )
    error_message = "lines of level ERROR in the function's own log, apart from what the services report themselves"
  }
}

run "a_tier_without_the_alarm_pays_for_no_metric" {
  command = plan

  variables {
    tier = "staging"
  }

  assert {
    condition     = length(aws_cloudwatch_log_metric_filter.this) == 0
    error_message = "a filter without an alarm is a custom metric nobody reads"
  }
}

run "an_exception_takes_the_filter_with_the_alarm" {
  command = plan

  variables {
    exceptions = [{ resource = "api", signal = "application-errors", decided_on = "2026-11-23", reason = "its errors are answers" }]
  }

  assert {
    condition     = !contains(keys(aws_cloudwatch_log_metric_filter.this), "api-application-errors")
    error_message = "what no alarm reads must not be counted"
  }
}

run "refuses_a_pattern_for_what_has_no_log" {
  command         = plan
  expect_failures = [var.signals]

  variables {
    signals = {
      broken = {
        watches            = "queues"
        log_pattern        = "ERROR"
        period_seconds     = 60
        comparison         = ">"
        threshold          = 0
        datapoints         = 1
        evaluation_periods = 1
        missing_data       = "notBreaching"
        severity           = "ticket"
        owner              = "orders"
        tiers              = ["prod"]
        what               = "Lines in the log of a queue."
        why                = "A queue has none."
      }
    }
  }
}
