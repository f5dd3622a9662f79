mock_provider "aws" {
  override_data {
    target = data.aws_s3_objects.package["api"]
    values = { keys = ["functions/api/aaaa.zip"] }
  }

  override_data {
    target = data.aws_s3_objects.package["processor"]
    values = { keys = ["functions/processor/bbbb.zip"] }
  }

  mock_resource "aws_lambda_function" {
    defaults = {
      arn     = "arn:aws:lambda:us-east-1:111122223333:function:mock"
      version = "1"
    }
  }

  mock_resource "aws_lambda_alias" {
    defaults = {
      arn        = "arn:aws:lambda:us-east-1:111122223333:function:mock:live"
      invoke_arn = "arn:aws:apigateway:us-east-1:lambda:path/mock:live"
    }
  }
}

variables {
  namespace  = "acme"
  stage      = "test"
  region     = "us-east-1"
  account_id = "111122223333"

  package_manifest   = "tests/fixtures/packages.json"
  artifacts_bucket   = "acme-useast1-test-artifacts-111122223333"
  log_retention_days = 30
  role_arns = {
    api       = "arn:aws:iam::111122223333:role/acme-useast1-test-api"
    processor = "arn:aws:iam::111122223333:role/acme-useast1-test-processor"
  }

  functions = {
    api = {
      handler         = "services.api.handler.lambda_handler"
      memory_mb       = 512
      timeout_seconds = 10
      environment     = { TABLE_NAME = "orders" }
    }
    processor = {
      handler              = "services.processor.handler.lambda_handler"
      memory_mb            = 256
      timeout_seconds      = 20
      reserved_concurrency = 10
      on_failure_arn       = "arn:aws:sqs:us-east-1:111122223333:failures"
      event_source = {
        queue_arn               = "arn:aws:sqs:us-east-1:111122223333:orders"
        batch_size              = 10
        batching_window_seconds = 1
        maximum_concurrency     = 5
      }
    }
  }
}

run "functions_are_named_and_configured_by_their_role" {
  command = apply

  assert {
    condition     = output.function_names == { api = "acme-useast1-test-api", processor = "acme-useast1-test-processor" }
    error_message = "a function's name must be the prefix and its role"
  }

  assert {
    condition     = output.log_group_names["api"] == "/aws/lambda/acme-useast1-test-api"
    error_message = "a function must have its own log group"
  }

  assert {
    condition = local.environments["api"] == {
      POWERTOOLS_LOG_LEVEL         = "INFO"
      POWERTOOLS_METRICS_NAMESPACE = "acme-useast1-test"
      POWERTOOLS_SERVICE_NAME      = "api"
      STAGE                        = "test"
      TABLE_NAME                   = "orders"
    }
    error_message = "a function's environment must be its own and the common variables"
  }

  assert {
    condition     = alltrue([for arns in [output.alias_arns, output.alias_invoke_arns] : alltrue([for arn in arns : endswith(arn, ":live")])])
    error_message = "what others invoke must be alias live"
  }

  assert {
    condition     = keys(output.function_arns) == ["api", "processor"]
    error_message = "every function must have its ARN in the outputs"
  }
}

run "refuses_a_package_nobody_uploaded" {
  command         = plan
  expect_failures = [data.aws_s3_objects.package["api"]]

  # The prefix finds an older object with a longer name, not the package.
  override_data {
    target = data.aws_s3_objects.package["api"]
    values = { keys = ["functions/api/aaaa.zip.old"] }
  }
}

run "looks_for_new_packages_when_they_are_applied" {
  command = plan

  assert {
    condition     = terraform_data.packages.input == { api = "functions/api/aaaa.zip", processor = "functions/processor/bbbb.zip" }
    error_message = "What the look into the bucket waits for must change with every package."
  }
}

run "refuses_a_function_the_manifest_lacks" {
  command         = plan
  expect_failures = [var.functions]

  variables {
    role_arns = { reporter = "arn:aws:iam::111122223333:role/acme-useast1-test-reporter" }
    functions = {
      reporter = { handler = "services.reporter.handler.lambda_handler", memory_mb = 256, timeout_seconds = 10 }
    }
  }
}

run "refuses_to_plan_before_anything_is_packaged" {
  command         = plan
  expect_failures = [var.functions]

  variables {
    package_manifest = "tests/fixtures/no-such-file.json"
  }
}

run "refuses_a_function_without_a_role" {
  command         = plan
  expect_failures = [var.role_arns]

  variables {
    role_arns = { api = "arn:aws:iam::111122223333:role/acme-useast1-test-api" }
  }
}

run "refuses_a_secret_in_the_environment" {
  command         = plan
  expect_failures = [var.functions]

  variables {
    functions = {
      api = { handler = "h", memory_mb = 256, timeout_seconds = 10, environment = { DB_PASSWORD = "x" } }
    }
  }
}

run "refuses_to_overwrite_a_common_environment_variable" {
  command         = plan
  expect_failures = [var.functions]

  variables {
    functions = {
      api = { handler = "h", memory_mb = 256, timeout_seconds = 10, environment = { STAGE = "prod" } }
    }
  }
}

run "refuses_the_environment_prefix_of_lambda" {
  command         = plan
  expect_failures = [var.functions]

  variables {
    functions = {
      api = { handler = "h", memory_mb = 256, timeout_seconds = 10, environment = { AWS_REGION = "eu-west-1" } }
    }
  }
}

run "refuses_a_runtime_that_is_not_offered" {
  command         = plan
  expect_failures = [var.functions]

  variables {
    functions = {
      api = { handler = "h", runtime = "python2.7", memory_mb = 256, timeout_seconds = 10 }
    }
  }
}

run "refuses_memory_lambda_does_not_offer" {
  command         = plan
  expect_failures = [var.functions]

  variables {
    functions = {
      api = { handler = "h", memory_mb = 64, timeout_seconds = 10 }
    }
  }
}

run "refuses_a_timeout_above_fifteen_minutes" {
  command         = plan
  expect_failures = [var.functions]

  variables {
    functions = {
      api = { handler = "h", memory_mb = 256, timeout_seconds = 901 }
    }
  }
}

run "refuses_large_batches_without_a_window" {
  command         = plan
  expect_failures = [var.functions]

  variables {
    functions = {
      processor = {
        handler = "h", memory_mb = 256, timeout_seconds = 10
        event_source = {
          queue_arn = "arn:aws:sqs:us-east-1:111122223333:orders", batch_size = 100, batching_window_seconds = 0, maximum_concurrency = 5
        }
      }
    }
  }
}

run "refuses_more_pollers_than_the_function_may_run" {
  command         = plan
  expect_failures = [var.functions]

  variables {
    functions = {
      processor = {
        handler = "h", memory_mb = 256, timeout_seconds = 10, reserved_concurrency = 4
        event_source = {
          queue_arn = "arn:aws:sqs:us-east-1:111122223333:orders", batch_size = 10, batching_window_seconds = 1, maximum_concurrency = 5
        }
      }
    }
  }
}

run "refuses_settings_that_aws_does_not_offer" {
  command = plan
  expect_failures = [
    var.log_retention_days, var.log_level, var.tracing_mode, var.async_maximum_retry_attempts, var.async_maximum_event_age_seconds
  ]

  variables {
    log_retention_days              = 8
    log_level                       = "VERBOSE"
    tracing_mode                    = "On"
    async_maximum_retry_attempts    = 3
    async_maximum_event_age_seconds = 30
  }
}

run "refuses_a_log_level_that_would_drop_the_metrics" {
  command         = plan
  expect_failures = [var.log_level]

  variables {
    log_level = "ERROR"
  }
}

run "functions_report_what_observability_watches" {
  command = plan

  assert {
    condition = jsonencode(output.functions) == jsonencode({
      api = {
        name           = "acme-useast1-test-api", timeout_seconds = 10, memory_mb = 512, invoked_by = "api",
        log_group_name = "/aws/lambda/acme-useast1-test-api", reserved_concurrency = null, failure_destination = false
      }
      processor = {
        name           = "acme-useast1-test-processor", timeout_seconds = 20, memory_mb = 256, invoked_by = "queue",
        log_group_name = "/aws/lambda/acme-useast1-test-processor", reserved_concurrency = 10, failure_destination = true
      }
    })
    error_message = "names, limits and what starts each function must be known before it exists: ${jsonencode(output.functions)}"
  }
}

run "a_function_says_what_starts_it" {
  command = plan

  variables {
    functions = {
      api = { handler = "h", memory_mb = 128, timeout_seconds = 3, invoked_by = "schedule" }
    }
  }

  assert {
    condition     = output.functions.api.invoked_by == "schedule"
    error_message = "what a stack says must count"
  }
}

run "refuses_what_starts_no_function" {
  command         = plan
  expect_failures = [var.functions]

  variables {
    functions = {
      api = { handler = "h", memory_mb = 128, timeout_seconds = 3, invoked_by = "cron" }
    }
  }
}
