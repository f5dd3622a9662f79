# The canary: off by default, and what comes with it.

mock_provider "aws" {
  # Not "aws", so that an ARN with a partition of its own shows.
  mock_data "aws_partition" {
    defaults = { partition = "aws-cn", dns_suffix = "amazonaws.com.cn" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws-cn:sns:us-east-1:111122223333:acme-useast1-test-topic" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws-cn:iam::111122223333:role/acme-useast1-test-canary" }
  }

  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws-cn:s3:::acme-useast1-test-canary-111122223333" }
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
  }
  queues = {
    orders     = { name = "acme-useast1-test-orders", kind = "work", retention_seconds = 345600, consumer = "processor", visibility_timeout_seconds = 180 }
    orders-dlq = { name = "acme-useast1-test-orders-dlq", kind = "dead_letter", retention_seconds = 1209600, visibility_timeout_seconds = 30 }
  }
  tables = { orders = { name = "acme-useast1-test-orders", indexes = ["GSI1"] } }
  api = {
    type                   = "http"
    id                     = "abc123"
    name                   = "acme-useast1-test-api"
    stage                  = "$default"
    integration_timeout_ms = 30000
    access_log_group_name  = "/aws/apigateway/acme-useast1-test"
  }
}

run "there_is_no_canary_unless_the_stack_asks" {
  command = apply

  assert {
    condition     = length(aws_synthetics_canary.this) == 0 && length(module.canary_bucket) == 0 && length(aws_iam_role.canary) == 0
    error_message = "off by default, with everything that belongs to it"
  }
}

run "a_canary_asks_for_the_health_of_the_api" {
  command = apply

  variables {
    canary_enabled = true
    canary_runtime = "syn-python-selenium-5.1"
  }

  assert {
    condition = (
      aws_synthetics_canary.this["api"].name == "acme-useast1-test-api" &&
      aws_synthetics_canary.this["api"].handler == "health.handler" &&
      aws_synthetics_canary.this["api"].schedule[0].expression == "rate(5 minutes)" &&
      aws_synthetics_canary.this["api"].run_config[0].environment_variables.URL == "https://abc123.execute-api.us-east-1.amazonaws.com.cn/health" &&
      aws_synthetics_canary.this["api"].delete_lambda
    )
    error_message = "every five minutes, at the API's own address in this partition"
  }

  assert {
    condition     = aws_iam_role.canary[0].permissions_boundary == "arn:aws-cn:iam::111122223333:policy/acme-useast1-test-boundary"
    error_message = "its role stays under the environment's boundary"
  }

  assert {
    condition     = aws_s3_object.canary_code[0].bucket == "acme-useast1-test-artifacts-111122223333" && startswith(aws_s3_object.canary_code[0].key, "functions/canary/")
    error_message = "the script lies with the packages, where nothing expires"
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.canary["api"].dimensions == tomap({ CanaryName = "acme-useast1-test-api" }) &&
      aws_cloudwatch_metric_alarm.canary["api"].alarm_actions == toset([output.topic_arns.page])
    )
    error_message = "a failing probe pages"
  }

  assert {
    condition     = contains(keys(aws_cloudwatch_metric_alarm.this), "api-no-traffic")
    error_message = "with a probe, silence is an alarm"
  }
}

run "a_stage_that_is_not_at_the_root_is_in_the_address" {
  command = apply

  variables {
    api = {
      type                   = "rest"
      id                     = "abc123"
      name                   = "shop"
      stage                  = "live"
      integration_timeout_ms = 29000
      access_log_group_name  = "/aws/apigateway/acme-useast1-test"
    }
    canary_enabled          = true
    canary_runtime          = "syn-python-selenium-5.1"
    canary_interval_minutes = 1
  }

  assert {
    condition     = aws_synthetics_canary.this["api"].run_config[0].environment_variables.URL == "https://abc123.execute-api.us-east-1.amazonaws.com.cn/live/health"
    error_message = "a REST API's path begins with its stage"
  }

  assert {
    condition     = aws_synthetics_canary.this["api"].schedule[0].expression == "rate(1 minute)" && aws_cloudwatch_metric_alarm.canary["api"].period == 300
    error_message = "one minute is written in the singular; its alarm still judges five"
  }
}

run "the_custom_domain_is_probed_where_there_is_one" {
  command = apply

  variables {
    canary_enabled = true
    canary_runtime = "syn-python-selenium-5.1"
    canary_url     = "https://api.example.com/health"
  }

  assert {
    condition     = aws_synthetics_canary.this["api"].run_config[0].environment_variables.URL == "https://api.example.com/health"
    error_message = "the stack's address must be asked for"
  }
}

run "refuses_a_canary_without_runtime_or_api" {
  command         = plan
  expect_failures = [var.canary_enabled]

  variables {
    canary_enabled = true
    api            = null
  }
}

run "refuses_values_synthetics_does_not_take" {
  command         = plan
  expect_failures = [var.canary_runtime, var.canary_interval_minutes, var.canary_url]

  variables {
    canary_runtime          = "syn-nodejs-puppeteer-9.0"
    canary_interval_minutes = 7
    canary_url              = "http://api.example.com/health?key=1"
  }
}
