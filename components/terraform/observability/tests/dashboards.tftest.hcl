# The dashboards as they ship (dashboards/service.yaml, on-call.yaml), and what a stack that differs makes of them.

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

  queries = { for name, query in yamldecode(file("../../../dashboards/queries.yaml")).queries : name => { for key, value in query : key => value if key != "replace" } }
  dashboards = {
    service = yamldecode(file("../../../dashboards/service.yaml"))
    on-call = yamldecode(file("../../../dashboards/on-call.yaml"))
  }

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

run "each_dashboard_is_made_in_its_tiers" {
  command = plan

  assert {
    condition     = toset([for dashboard in aws_cloudwatch_dashboard.this : dashboard.dashboard_name]) == toset(["acme-useast1-test-service", "acme-useast1-test-on-call"])
    error_message = "prod has both dashboards"
  }
}

run "no_dashboard_below_its_tier" {
  command = plan

  variables {
    tier = "staging"
  }

  assert {
    condition     = length(aws_cloudwatch_dashboard.this) == 0
    error_message = "staging has none"
  }
}

run "a_stack_may_ask_for_one_whatever_its_tier" {
  command = plan

  variables {
    tier            = "staging"
    dashboard_names = ["on-call"]
  }

  assert {
    condition     = keys(aws_cloudwatch_dashboard.this) == ["on-call"]
    error_message = "the stack asked for on-call and nothing else"
  }
}

run "a_function_is_a_series_of_every_graph_of_functions" {
  command = plan

  variables {
    functions = {
      api     = { name = "acme-useast1-test-api", timeout_seconds = 25, memory_mb = 512, invoked_by = "api", log_group_name = "/aws/lambda/acme-useast1-test-api" }
      reports = { name = "acme-useast1-test-reports", timeout_seconds = 30, memory_mb = 512, invoked_by = "schedule", log_group_name = "/aws/lambda/acme-useast1-test-reports" }
    }
    queues = {}
  }

  assert {
    condition = jsonencode(one([for widget in jsondecode(aws_cloudwatch_dashboard.this["on-call"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Errors by function"]).properties.metrics) == jsonencode([
      ["AWS/Lambda", "Errors", "FunctionName", "acme-useast1-test-api", { label = "api", stat = "Sum" }],
      ["AWS/Lambda", "Errors", "FunctionName", "acme-useast1-test-reports", { label = "reports", stat = "Sum" }],
    ])
    error_message = "each function must be a series, by its role"
  }

  assert {
    condition = contains(one([for widget in jsondecode(aws_cloudwatch_dashboard.this["on-call"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Cold starts"]).properties.metrics, [
      "acme-useast1-test", "ColdStart", "function_name", "acme-useast1-test-reports", "service", "reports", { label = "reports", stat = "Sum" }
    ])
    error_message = "cold starts are reported by function_name and service"
  }

  assert {
    condition     = length([for widget in jsondecode(aws_cloudwatch_dashboard.this["on-call"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Oldest message"]) == 0 && length([for widget in jsondecode(aws_cloudwatch_dashboard.this["service"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Orders confirmed"]) == 0
    error_message = "a panel about queues must not stay where there is no queue"
  }
}

run "a_queue_and_an_index_are_series_as_well" {
  command = plan

  variables {
    queues = {
      orders      = { name = "acme-useast1-test-orders", kind = "work", retention_seconds = 345600, consumer = "processor", visibility_timeout_seconds = 180 }
      refunds     = { name = "acme-useast1-test-refunds", kind = "work", retention_seconds = 345600, consumer = "processor", visibility_timeout_seconds = 180 }
      refunds-dlq = { name = "acme-useast1-test-refunds-dlq", kind = "dead_letter", retention_seconds = 1209600, visibility_timeout_seconds = 30 }
    }
  }

  assert {
    condition     = [for line in one([for widget in jsondecode(aws_cloudwatch_dashboard.this["on-call"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Oldest message"]).properties.metrics : line[3]] == ["acme-useast1-test-orders", "acme-useast1-test-refunds"]
    error_message = "`where` must keep the dead-letter queue out of the graph of work, and the new queue in it"
  }

  assert {
    condition = contains(one([for widget in jsondecode(aws_cloudwatch_dashboard.this["on-call"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Throttled reads and writes"]).properties.metrics, [
      "AWS/DynamoDB", "WriteThrottleEvents", "GlobalSecondaryIndexName", "GSI1", "TableName", "acme-useast1-test-orders", { label = "write orders-gsi1", stat = "Sum" }
    ])
    error_message = "an index is reported by its table's name and its own"
  }
}

run "lines_are_those_of_the_alarms_on_the_same_series" {
  command = plan

  assert {
    condition = { for line in one([for widget in jsondecode(aws_cloudwatch_dashboard.this["on-call"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Longest run by function"]).properties.annotations.horizontal : line.label => line.value } == {
      "api near-timeout"       = aws_cloudwatch_metric_alarm.this["api-near-timeout"].threshold
      "processor near-timeout" = aws_cloudwatch_metric_alarm.this["processor-near-timeout"].threshold
    }
    error_message = "each function's timeout alarm must be a line at its threshold"
  }

  assert {
    condition     = contains([for line in one([for widget in jsondecode(aws_cloudwatch_dashboard.this["on-call"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Messages given up on"]).properties.annotations.horizontal : "${line.label} ${line.value} ${line.color}"], "orders-dlq not-empty 1 #d62728")
    error_message = "what pages is drawn in red"
  }

  assert {
    condition     = !can(one([for widget in jsondecode(aws_cloudwatch_dashboard.this["on-call"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Latency"]).properties.annotations) && !can(one([for widget in jsondecode(aws_cloudwatch_dashboard.this["on-call"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Errors by function"]).properties.annotations)
    error_message = "a graph whose series no alarm watches by that statistic and period must have no line"
  }

  assert {
    condition     = one([for widget in jsondecode(aws_cloudwatch_dashboard.this["service"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Requests that failed"]).properties.annotations.horizontal[0].value == aws_cloudwatch_metric_alarm.this["api-availability-1h"].threshold
    error_message = "an objective's graph over hours must show the alarm that judges one hour"
  }
}

run "an_exception_takes_its_line_away" {
  command = plan

  variables {
    exceptions = [{ resource = "api", signal = "near-timeout", decided_on = "2026-11-23", until = "2027-02-01", reason = "the import runs long" }]
  }

  assert {
    condition     = one([for widget in jsondecode(aws_cloudwatch_dashboard.this["on-call"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Longest run by function"]).properties.annotations.horizontal[*].label == ["processor near-timeout"]
    error_message = "no alarm, no line"
  }
}

run "a_rest_api_is_shown_by_its_own_names" {
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
  }

  assert {
    condition = jsonencode(one([for widget in jsondecode(aws_cloudwatch_dashboard.this["on-call"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Responses 5xx and 4xx"]).properties.metrics) == jsonencode([
      ["AWS/ApiGateway", "5XXError", "ApiName", "shop", "Stage", "live", { label = "5xx", stat = "Sum" }],
      ["AWS/ApiGateway", "4XXError", "ApiName", "shop", "Stage", "live", { label = "4xx", stat = "Sum", yAxis = "right" }],
    ])
    error_message = "a REST API reports 5XXError by ApiName and Stage"
  }

  assert {
    condition     = one([for widget in jsondecode(aws_cloudwatch_dashboard.this["service"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Requests that failed"]).properties.metrics[0][1] == "5XXError"
    error_message = "an objective's graph shows what its alarms watch"
  }
}

run "what_is_left_of_a_budget_is_over_its_thirty_days" {
  command = plan

  assert {
    condition = (
      one([for widget in jsondecode(aws_cloudwatch_dashboard.this["service"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Availability of the API"]).properties.start == "-P30D" &&
      one([for widget in jsondecode(aws_cloudwatch_dashboard.this["service"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Availability of the API"]).properties.setPeriodToTimeRange &&
      one([for widget in jsondecode(aws_cloudwatch_dashboard.this["service"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Availability of the API"]).properties.metrics[2][0].expression == "100 * (1 - (IF(errors >= 3, errors / requests, 0)) / 0.001)"
    )
    error_message = "the share of the budget that is left: 1 - bad share / 0.1%, over 30 days"
  }

  assert {
    condition = (
      !can(one([for widget in jsondecode(aws_cloudwatch_dashboard.this["service"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Orders confirmed in time"]).properties.setPeriodToTimeRange) &&
      one([for widget in jsondecode(aws_cloudwatch_dashboard.this["service"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Orders confirmed in time"]).properties.metrics[0][4].period == 300 &&
      strcontains(one([for widget in jsondecode(aws_cloudwatch_dashboard.this["service"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Orders confirmed in time"]).properties.metrics[1][0].expression, "> 240, 1, 0")
    )
    error_message = "minutes are counted one by one against the objective's limit, never as one span of 30 days"
  }
}

run "the_alarms_are_listed_by_name_in_this_partition" {
  command = plan

  assert {
    condition = (
      one([for widget in jsondecode(aws_cloudwatch_dashboard.this["on-call"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Somebody is called"]).properties.alarms[0] == "arn:aws-cn:cloudwatch:us-east-1:111122223333:alarm:acme-useast1-test-page" &&
      length(one([for widget in jsondecode(aws_cloudwatch_dashboard.this["on-call"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Somebody is called"]).properties.alarms) == 1 + length([for alarm in aws_cloudwatch_metric_alarm.this : alarm if alarm.tags.severity == "page"])
    )
    error_message = "every alarm that pages must be listed, the composite first"
  }

  assert {
    condition = toset(concat([
      for widget in jsondecode(aws_cloudwatch_dashboard.this["on-call"].dashboard_body).widgets : try(widget.properties.alarms, [])
      ]...)) == toset([
      for name in concat([for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name if alarm.tags.severity != "none"], ["acme-useast1-test-page", "acme-useast1-test-ticket"]) :
      "arn:aws-cn:cloudwatch:us-east-1:111122223333:alarm:${name}"
    ])
    error_message = "whoever is on call must see every alarm that tells somebody"
  }
}

run "widgets_fill_the_grid_and_lie_beside_each_other" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for dashboard in aws_cloudwatch_dashboard.this : [
        for y in distinct(jsondecode(dashboard.dashboard_body).widgets[*].y) :
        sum([for widget in jsondecode(dashboard.dashboard_body).widgets : widget.width if widget.y == y]) == 24
      ]
    ]))
    error_message = "the panels of a row must share its 24 columns"
  }

  assert {
    condition = alltrue(flatten([
      for dashboard in aws_cloudwatch_dashboard.this : [
        for widget in jsondecode(dashboard.dashboard_body).widgets : widget.x + widget.width <= 24
      ]
    ]))
    error_message = "a widget must not leave the grid"
  }
}

run "requests_by_route_need_no_edit_for_a_new_route" {
  command = plan

  assert {
    condition = (
      startswith(one([for widget in jsondecode(aws_cloudwatch_dashboard.this["on-call"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Requests by route"]).properties.query, "SOURCE '/aws/apigateway/acme-useast1-test' | ") &&
      strcontains(one([for widget in jsondecode(aws_cloudwatch_dashboard.this["on-call"].dashboard_body).widgets : widget if try(widget.properties.title, "") == "Requests by route"]).properties.query, "by routeKey")
    )
    error_message = "routes come from the access log, by whatever names it has"
  }
}

run "a_query_nobody_saved_is_refused" {
  command         = plan
  expect_failures = [aws_cloudwatch_dashboard.this["service"]]

  variables {
    dashboards = {
      service = { title = "Service", reader = "x", tiers = ["prod"], rows = [{ title = "Logs", panels = [{ title = "Lines", kind = "logs", query = "no-such-query" }] }] }
    }
  }
}

run "an_objective_nobody_has_is_refused" {
  command         = plan
  expect_failures = [aws_cloudwatch_dashboard.this["service"]]

  variables {
    dashboards = {
      service = { title = "Service", reader = "x", tiers = ["prod"], rows = [{ title = "Budget", panels = [{ title = "Left", kind = "budget", slo = "api-loveliness" }] }] }
    }
  }
}

run "an_id_of_several_series_is_refused" {
  command         = plan
  expect_failures = [aws_cloudwatch_dashboard.this["service"]]

  variables {
    dashboards = {
      service = { title = "Service", reader = "x", tiers = ["prod"], rows = [{ title = "Errors", panels = [{ title = "Share", lines = [
        { metric = "Errors", of = "functions", id = "errors" },
        { expression = "errors / 2" },
      ] }] }] }
    }
  }
}

run "what_is_no_panel_is_refused" {
  command         = plan
  expect_failures = [var.dashboards]

  variables {
    dashboards = {
      service = { title = "Service", reader = "x", tiers = ["production"], rows = [{ title = "Row", panels = [
        { title = "A", kind = "diagram", width = 20 },
        { title = "B", width = 5, lines = [{ metric = "Errors" }, { metric = "Errors", of = "lambdas" }] },
      ] }] }
    }
  }
}

run "a_dashboard_nobody_wrote_is_refused" {
  command         = plan
  expect_failures = [var.dashboard_names]

  variables {
    dashboard_names = ["business"]
  }
}
