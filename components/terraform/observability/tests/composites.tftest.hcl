# What is told of the objectives, and what a rollout reads.

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

run "a_page_needs_both_windows_and_an_api_that_is_in_use" {
  command = plan

  assert {
    condition = startswith(aws_cloudwatch_composite_alarm.page[0].alarm_rule, join("", [
      "(NOT ALARM(\"acme-useast1-test-api-quiet\") AND (",
      "(ALARM(\"acme-useast1-test-api-availability-1h\") AND ALARM(\"acme-useast1-test-api-availability-5m\")) OR ",
    ]))
    error_message = "a page must ask for both windows of a pair, and for traffic: ${aws_cloudwatch_composite_alarm.page[0].alarm_rule}"
  }

  assert {
    condition     = endswith(aws_cloudwatch_composite_alarm.page[0].alarm_rule, ")) OR (ALARM(\"acme-useast1-test-orders-flow-freshness-1h\") AND ALARM(\"acme-useast1-test-orders-flow-freshness-5m\")) OR (ALARM(\"acme-useast1-test-orders-flow-freshness-30m\") AND ALARM(\"acme-useast1-test-orders-flow-freshness-6h\")) OR (ALARM(\"acme-useast1-test-orders-flow-success-1h\") AND ALARM(\"acme-useast1-test-orders-flow-success-5m\")) OR (ALARM(\"acme-useast1-test-orders-flow-success-30m\") AND ALARM(\"acme-useast1-test-orders-flow-success-6h\"))")
    error_message = "how quiet the API is must not hold back what happens to orders"
  }

  assert {
    condition     = aws_cloudwatch_composite_alarm.page[0].alarm_actions == toset([output.topic_arns.page]) && aws_cloudwatch_composite_alarm.page[0].ok_actions == toset([output.topic_arns.page])
    error_message = "the topic of pages must hear of the beginning and the end"
  }
}

run "a_ticket_is_held_back_by_a_page" {
  command = plan

  assert {
    condition = (
      one(aws_cloudwatch_composite_alarm.ticket[0].actions_suppressor).alarm == "acme-useast1-test-page" &&
      one(aws_cloudwatch_composite_alarm.ticket[0].actions_suppressor).wait_period == 120 &&
      one(aws_cloudwatch_composite_alarm.ticket[0].actions_suppressor).extension_period == 300
    )
    error_message = "what already pages needs no ticket"
  }

  assert {
    condition = (
      !strcontains(aws_cloudwatch_composite_alarm.ticket[0].alarm_rule, "quiet") &&
      strcontains(aws_cloudwatch_composite_alarm.ticket[0].alarm_rule, "(ALARM(\"acme-useast1-test-api-availability-3d\") AND ALARM(\"acme-useast1-test-api-availability-6h-ticket\"))")
    )
    error_message = "a ticket counts every error, and reads its own six hours"
  }

  assert {
    condition     = aws_cloudwatch_composite_alarm.ticket[0].alarm_actions == toset([output.topic_arns.ticket]) && length(coalesce(aws_cloudwatch_composite_alarm.ticket[0].ok_actions, [])) == 0
    error_message = "a ticket goes to the topic of tickets, and nobody is told of its end"
  }
}

run "a_rollout_reads_one_name_that_wakes_nobody" {
  command = plan

  assert {
    condition = toset(split(" OR ", aws_cloudwatch_composite_alarm.deploy[0].alarm_rule)) == toset([
      for child in ["api-availability-5m", "api-latency-5m", "orders-flow-success-5m", "orders-flow-freshness-5m", "orders-dlq-not-empty", "scheduler-async-dropped"] :
      "ALARM(\"acme-useast1-test-${child}\")"
    ])
    error_message = "the shortest windows, dead letters and dropped events: ${aws_cloudwatch_composite_alarm.deploy[0].alarm_rule}"
  }

  assert {
    condition     = length(coalesce(aws_cloudwatch_composite_alarm.deploy[0].alarm_actions, [])) == 0
    error_message = "three errors among 100 requests stop a rollout and no sleep"
  }

  assert {
    condition     = output.composite_alarm_names == { page = "acme-useast1-test-page", ticket = "acme-useast1-test-ticket", deploy = "acme-useast1-test-deploy" }
    error_message = "who rolls out must find the name"
  }
}

run "no_alarm_is_told_twice" {
  command = plan

  assert {
    condition = length([
      for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name
      if length(coalesce(alarm.alarm_actions, [])) > 0 && (
        strcontains(aws_cloudwatch_composite_alarm.page[0].alarm_rule, "\"${alarm.alarm_name}\"") ||
        strcontains(aws_cloudwatch_composite_alarm.ticket[0].alarm_rule, "\"${alarm.alarm_name}\"")
      )
    ]) == 0
    error_message = "an alarm that tells by itself must be no child of a composite that tells"
  }

  assert {
    condition = length([
      for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name
      if length(coalesce(alarm.alarm_actions, [])) == 0 && !strcontains("${aws_cloudwatch_composite_alarm.page[0].alarm_rule} ${aws_cloudwatch_composite_alarm.ticket[0].alarm_rule}", "\"${alarm.alarm_name}\"")
    ]) == 0
    error_message = "an alarm that tells nobody must be a child of one that does"
  }
}

run "staging_has_the_deploy_alarm_alone" {
  command = plan

  variables {
    tier = "staging"
  }

  assert {
    condition     = output.composite_alarm_names == { deploy = "acme-useast1-test-deploy" }
    error_message = "a rehearsal pages nobody about objectives"
  }
}

run "refuses_more_children_than_cloudwatch_takes" {
  command         = plan
  expect_failures = [aws_cloudwatch_composite_alarm.deploy]

  variables {
    queues = { for number in range(100) : (number == 0 ? "orders" : "q${number}") => {
      name = "q${number}", kind = number == 0 ? "work" : "dead_letter", retention_seconds = 345600, visibility_timeout_seconds = 30
    } }
  }
}
