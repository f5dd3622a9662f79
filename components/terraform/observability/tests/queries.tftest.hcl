# The saved queries as they ship (dashboards/queries.yaml).

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

run "each_query_is_saved_in_the_stack_s_folder_for_its_log_groups" {
  command = plan

  assert {
    condition     = toset([for query in aws_cloudwatch_query_definition.this : query.name]) == toset([for name in keys(var.queries) : "acme-useast1-test/${name}"])
    error_message = "each query must be saved as <prefix>/<name>"
  }

  assert {
    condition     = aws_cloudwatch_query_definition.this["requests-by-route"].log_group_names == tolist(["/aws/apigateway/acme-useast1-test"])
    error_message = "`access` is the API's access log"
  }

  assert {
    condition     = aws_cloudwatch_query_definition.this["errors-by-type"].log_group_names == tolist(["/aws/lambda/acme-useast1-test-api", "/aws/lambda/acme-useast1-test-processor"])
    error_message = "`functions` is every function of the stack"
  }

  assert {
    condition     = aws_cloudwatch_query_definition.this["batch-item-failures"].log_group_names == tolist(["/aws/lambda/acme-useast1-test-processor"])
    error_message = "a role is one function"
  }

  assert {
    condition     = alltrue([for name, query in aws_cloudwatch_query_definition.this : query.query_string == trimspace(var.queries[name].query)])
    error_message = "what is saved must be what is in the file, which is what is tested"
  }
}

run "a_query_of_a_function_the_stack_does_not_have_is_left_out" {
  command = plan

  variables {
    functions = {
      api = { name = "acme-useast1-test-api", timeout_seconds = 25, memory_mb = 512, invoked_by = "api", log_group_name = "/aws/lambda/acme-useast1-test-api" }
    }
    queues = {}
    api    = null
  }

  assert {
    condition     = !contains(keys(aws_cloudwatch_query_definition.this), "batch-item-failures") && !contains(keys(aws_cloudwatch_query_definition.this), "requests-by-route")
    error_message = "a query without a log group cannot be saved"
  }

  assert {
    condition     = aws_cloudwatch_query_definition.this["one-correlation-id"].log_group_names == tolist(["/aws/lambda/acme-useast1-test-api"])
    error_message = "a query reads those of its log groups that exist"
  }
}

run "nothing_is_saved_where_queries_are_off" {
  command = plan

  variables {
    queries_enabled = false
  }

  assert {
    condition     = length(aws_cloudwatch_query_definition.this) == 0
    error_message = "queries_enabled = false must save none"
  }
}

run "refuses_a_query_without_a_log_group" {
  command         = plan
  expect_failures = [var.queries]

  variables {
    queries = { lost = { title = "Lost", purpose = "Reads nothing.", log_groups = [], query = "limit 5" } }
  }
}
