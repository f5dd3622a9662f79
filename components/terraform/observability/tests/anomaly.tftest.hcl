# Unusual traffic: off by default.

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

run "nothing_learns_unless_asked" {
  command = plan

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.anomaly) == 0
    error_message = "anomaly detection is off by default"
  }
}

run "the_number_of_requests_is_held_against_its_band" {
  command = plan

  variables {
    anomaly_detection_enabled = true
    anomaly_band_width        = 3
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.anomaly["api"].alarm_name == "acme-useast1-test-api-unusual-traffic" &&
      aws_cloudwatch_metric_alarm.anomaly["api"].threshold_metric_id == "usual" &&
      contains([for query in aws_cloudwatch_metric_alarm.anomaly["api"].metric_query : query.expression], "ANOMALY_DETECTION_BAND(requests, 3)") &&
      aws_cloudwatch_metric_alarm.anomaly["api"].alarm_actions == toset([output.topic_arns.ticket])
    )
    error_message = "requests outside the band are a ticket"
  }

  assert {
    condition     = one(flatten([for query in aws_cloudwatch_metric_alarm.anomaly["api"].metric_query : [for metric in query.metric : metric.dimensions]])) == tomap({ ApiId = "abc123", Stage = "$default" })
    error_message = "the requests are those of this API"
  }
}

run "refuses_a_band_in_which_usual_days_are_anomalies" {
  command         = plan
  expect_failures = [var.anomaly_band_width]

  variables {
    anomaly_band_width = 1
  }
}
