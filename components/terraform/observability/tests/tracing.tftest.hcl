# X-Ray's groups as they ship (dashboards/tracing.yaml), and the rules that are refused.

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

  tracing = yamldecode(file("../../../dashboards/tracing.yaml"))

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

run "a_group_holds_the_traces_that_pass_this_stack_s_functions" {
  command = plan

  assert {
    condition     = aws_xray_group.this["service"].filter_expression == "service(\"acme-useast1-test-api\") OR service(\"acme-useast1-test-processor\")"
    error_message = "the group of the service must hold every trace of its functions"
  }

  assert {
    condition = aws_xray_group.this["trouble"].filter_expression == join(" OR ", [
      for name in ["acme-useast1-test-api", "acme-useast1-test-processor"] : "service(\"${name}\") { fault = true OR responsetime > 1 }"
    ])
    error_message = "trouble is what failed or was slower than the latency objective promises (1,000 ms)"
  }

  assert {
    condition     = aws_xray_group.this["service"].insights_configuration[0].insights_enabled && !aws_xray_group.this["trouble"].insights_configuration[0].insights_enabled
    error_message = "insights need the healthy requests, too"
  }

  assert {
    condition     = length(aws_xray_sampling_rule.this) == 0
    error_message = "an HTTP API's traces begin in Lambda, where no rule decides"
  }
}

run "insights_are_paid_for_in_prod_only" {
  command = plan

  variables {
    tier = "staging"
  }

  assert {
    condition     = !aws_xray_group.this["service"].insights_configuration[0].insights_enabled
    error_message = "staging has the group and no insights"
  }
}

run "nothing_is_made_where_x_ray_is_missing" {
  command = plan

  variables {
    tracing_enabled = false
  }

  assert {
    condition     = length(aws_xray_group.this) == 0
    error_message = "tracing_enabled = false must make nothing"
  }
}

run "a_rest_api_s_stage_follows_rules" {
  command = plan

  variables {
    api = {
      type                   = "rest"
      id                     = "abc123"
      name                   = "shop"
      stage                  = "live"
      integration_timeout_ms = 29000
      access_log_group_name  = "/aws/apigateway/acme-useast1-test"
    }
    tracing = {
      sampling_rules = {
        probes = { why = "each is a question", tiers = ["prod"], root = "rest_stage", priority = 100, reservoir_per_second = 0, rate = 1, method = "GET", path = "/health" }
        rest   = { why = "a taste of the rest", tiers = ["prod"], root = "rest_stage", priority = 200, reservoir_per_second = 1, rate = 0.01 }
        beta   = { why = "not in this tier", tiers = ["staging"], root = "rest_stage", priority = 300, reservoir_per_second = 1, rate = 1 }
      }
    }
  }

  assert {
    condition = (
      toset(keys(aws_xray_sampling_rule.this)) == toset(["probes", "rest"]) &&
      aws_xray_sampling_rule.this["probes"].service_type == "AWS::ApiGateway::Stage" &&
      aws_xray_sampling_rule.this["probes"].service_name == "shop/live" &&
      aws_xray_sampling_rule.this["probes"].url_path == "/health" &&
      aws_xray_sampling_rule.this["probes"].fixed_rate == 1 &&
      aws_xray_sampling_rule.this["rest"].priority == 200
    )
    error_message = "a stage's rule names it as X-Ray does, <api>/<stage>"
  }
}

run "a_stage_s_rule_for_an_http_api_is_refused" {
  command         = plan
  expect_failures = [aws_xray_sampling_rule.this["probes"]]

  variables {
    tracing = {
      sampling_rules = {
        probes = { why = "would do nothing", tiers = ["prod"], root = "rest_stage", priority = 100, reservoir_per_second = 0, rate = 1 }
      }
    }
  }
}

run "an_sdk_s_rule_for_a_lambda_function_is_refused" {
  command         = plan
  expect_failures = [aws_xray_sampling_rule.this["function"], aws_xray_sampling_rule.this["nobody"]]

  variables {
    tracing = {
      sampling_rules = {
        function = { why = "would do nothing", tiers = ["prod"], root = "sdk", priority = 100, reservoir_per_second = 0, rate = 1, service_name = "acme-useast1-test-processor" }
        nobody   = { why = "names no service", tiers = ["prod"], root = "sdk", priority = 200, reservoir_per_second = 0, rate = 1 }
        billing  = { why = "runs in a container", tiers = ["prod"], root = "sdk", priority = 50, reservoir_per_second = 0, rate = 1, service_name = "billing" }
      }
    }
  }
}

run "a_rule_that_another_one_comes_before_is_refused" {
  command         = plan
  expect_failures = [aws_xray_sampling_rule.this["probes"]]

  variables {
    api = {
      type                   = "rest"
      id                     = "abc123"
      name                   = "shop"
      stage                  = "live"
      integration_timeout_ms = 29000
      access_log_group_name  = "/aws/apigateway/acme-useast1-test"
    }
    tracing = {
      sampling_rules = {
        rest   = { why = "comes first", tiers = ["prod"], root = "rest_stage", priority = 100, reservoir_per_second = 1, rate = 0.01 }
        probes = { why = "never asked", tiers = ["prod"], root = "rest_stage", priority = 200, reservoir_per_second = 0, rate = 1, path = "/health" }
      }
    }
  }
}

run "a_name_x_ray_does_not_take_is_refused" {
  command         = plan
  expect_failures = [aws_xray_group.this["everything-of-the-shop"]]

  variables {
    tracing = { groups = { everything-of-the-shop = { why = "too long", tiers = ["prod"] } } }
  }
}

run "what_is_no_rule_is_refused" {
  command         = plan
  expect_failures = [var.tracing]

  variables {
    tracing = {
      groups         = { slow = { why = "slower than nobody knows", tiers = ["prod"], slower_than = "api-availability" } }
      sampling_rules = { odd = { why = "no root", tiers = ["prod"], root = "lambda", priority = 0, reservoir_per_second = 0.5, rate = 5 } }
    }
  }
}
