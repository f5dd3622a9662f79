# The budget: off, by account, by stage.

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

run "there_is_no_budget_unless_the_stack_says_one" {
  command = plan

  assert {
    condition     = length(aws_budgets_budget.month) == 0
    error_message = "no amount, no budget"
  }
}

run "the_ticket_topic_hears_of_eighty_percent_spent_and_of_a_forecast_above_all" {
  command = plan

  variables {
    monthly_budget_usd = 100
    budget_emails      = ["money@example.com"]
  }

  assert {
    condition = (
      aws_budgets_budget.month[0].name == "acme-useast1-test-month" &&
      aws_budgets_budget.month[0].limit_amount == "100" &&
      aws_budgets_budget.month[0].time_unit == "MONTHLY" &&
      length(aws_budgets_budget.month[0].cost_filter) == 0
    )
    error_message = "100 USD a month of the whole account"
  }

  assert {
    condition     = { for told in aws_budgets_budget.month[0].notification : told.notification_type => told.threshold } == { ACTUAL = 80, FORECASTED = 100 }
    error_message = "80% spent and 100% forecast must be told"
  }

  assert {
    condition = alltrue([
      for told in aws_budgets_budget.month[0].notification :
      told.subscriber_sns_topic_arns == toset([output.topic_arns.ticket]) && told.subscriber_email_addresses == toset(["money@example.com"])
    ])
    error_message = "both must reach the ticket topic and the addresses"
  }

  assert {
    condition     = !aws_budgets_budget.month[0].cost_types[0].include_credit && !aws_budgets_budget.month[0].cost_types[0].include_refund
    error_message = "credits must not hide what runs away"
  }
}

run "a_budget_of_the_stage_counts_what_carries_its_tag" {
  command = plan

  variables {
    monthly_budget_usd = 20
    budget_scope       = "stage"
  }

  assert {
    condition     = one(aws_budgets_budget.month[0].cost_filter).name == "TagKeyValue" && one(aws_budgets_budget.month[0].cost_filter).values == tolist(["user:stage$test"])
    error_message = "Budgets writes a tag as user:<key>$<value>"
  }
}

run "refuses_an_amount_a_scope_and_an_address_that_are_none" {
  command         = plan
  expect_failures = [var.monthly_budget_usd, var.budget_scope, var.budget_emails]

  variables {
    monthly_budget_usd = 0
    budget_scope       = "service"
    budget_emails      = ["money"]
  }
}
