# The local module by itself: what every function is, whatever its role.

mock_provider "aws" {
  mock_resource "aws_lambda_function" {
    defaults = {
      arn     = "arn:aws:lambda:us-east-1:111122223333:function:acme-useast1-test-processor"
      version = "7"
    }
  }

  mock_resource "aws_lambda_alias" {
    defaults = {
      arn = "arn:aws:lambda:us-east-1:111122223333:function:acme-useast1-test-processor:live"
    }
  }
}

variables {
  name               = "acme-useast1-test-processor"
  role_arn           = "arn:aws:iam::111122223333:role/acme-useast1-test-processor"
  log_group_name     = "/aws/lambda/acme-useast1-test-processor"
  log_retention_days = 30
  log_level          = "INFO"
  tracing_mode       = "Active"
  kms_key_arn        = "arn:aws:kms:us-east-1:111122223333:key/1"
  environment        = { STAGE = "test" }

  async_maximum_retry_attempts    = 1
  async_maximum_event_age_seconds = 600

  package = {
    bucket        = "artifacts"
    key           = "functions/processor/bbbb.zip"
    base64_sha256 = "YmJiYg=="
  }

  settings = {
    handler              = "services.processor.handler.lambda_handler"
    runtime              = "python3.11"
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

run "function_is_a_version_of_the_packaged_bytes_on_arm64" {
  command = apply

  module {
    source = "./modules/function"
  }

  assert {
    condition     = aws_lambda_function.this.architectures == tolist(["arm64"]) && aws_lambda_function.this.package_type == "Zip"
    error_message = "a function must be a zip for arm64"
  }

  assert {
    condition = (
      aws_lambda_function.this.s3_bucket == "artifacts" &&
      aws_lambda_function.this.s3_key == "functions/processor/bbbb.zip" &&
      aws_lambda_function.this.source_code_hash == "YmJiYg==" &&
      aws_lambda_function.this.publish
    )
    error_message = "a function must be published from the object the manifest names, and follow its digest"
  }

  assert {
    condition     = aws_lambda_alias.live.name == "live" && aws_lambda_alias.live.function_version == "7"
    error_message = "alias live must start at the version the first apply published"
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == 10 && aws_lambda_function.this.memory_size == 256 && aws_lambda_function.this.timeout == 20
    error_message = "a function must have the capacity its settings say"
  }
}

run "function_is_traced_encrypted_and_logs_json_to_a_group_that_forgets" {
  command = apply

  module {
    source = "./modules/function"
  }

  assert {
    condition     = one(aws_lambda_function.this.tracing_config).mode == "Active"
    error_message = "a function must be traced"
  }

  assert {
    condition     = aws_lambda_function.this.kms_key_arn == var.kms_key_arn && aws_cloudwatch_log_group.this.kms_key_id == var.kms_key_arn
    error_message = "environment and logs must be encrypted with the key the stage gives"
  }

  assert {
    condition     = aws_cloudwatch_log_group.this.name == "/aws/lambda/acme-useast1-test-processor" && aws_cloudwatch_log_group.this.retention_in_days == 30
    error_message = "a function must have its own log group with a retention"
  }

  assert {
    condition = (
      one(aws_lambda_function.this.logging_config).log_format == "JSON" &&
      one(aws_lambda_function.this.logging_config).log_group == aws_cloudwatch_log_group.this.name &&
      one(aws_lambda_function.this.logging_config).application_log_level == "INFO" &&
      one(aws_lambda_function.this.logging_config).system_log_level == "INFO"
    )
    error_message = "a function must log JSON to its own group and keep the metrics and the report lines"
  }
}

run "queue_is_consumed_by_the_live_alias_message_by_message" {
  command = apply

  module {
    source = "./modules/function"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.queue[0].function_name == aws_lambda_alias.live.arn
    error_message = "the queue must feed alias live, or a release would not reach it"
  }

  assert {
    condition     = aws_lambda_event_source_mapping.queue[0].function_response_types == toset(["ReportBatchItemFailures"])
    error_message = "one failed message must not bring back its batch"
  }

  assert {
    condition = (
      one(aws_lambda_event_source_mapping.queue[0].scaling_config).maximum_concurrency == 5 &&
      aws_lambda_event_source_mapping.queue[0].batch_size == 10 &&
      aws_lambda_event_source_mapping.queue[0].maximum_batching_window_in_seconds == 1
    )
    error_message = "the mapping must batch and scale as its settings say"
  }
}

run "events_given_up_on_are_kept" {
  command = apply

  module {
    source = "./modules/function"
  }

  assert {
    condition = (
      aws_lambda_function_event_invoke_config.live[0].qualifier == "live" &&
      aws_lambda_function_event_invoke_config.live[0].maximum_retry_attempts == 1 &&
      aws_lambda_function_event_invoke_config.live[0].maximum_event_age_in_seconds == 600 &&
      one(one(aws_lambda_function_event_invoke_config.live[0].destination_config).on_failure).destination == "arn:aws:sqs:us-east-1:111122223333:failures"
    )
    error_message = "asynchronous events of alias live must end in the failures queue"
  }
}

run "lambda_and_powertools_filter_by_the_same_level" {
  command = apply

  module {
    source = "./modules/function"
  }

  variables {
    log_level = "DEBUG"
  }

  assert {
    condition     = one(aws_lambda_function.this.logging_config).application_log_level == "DEBUG"
    error_message = "Lambda's filter wins over Powertools', so it must be the level asked for"
  }
}

run "function_without_queue_and_destination_has_neither" {
  command = apply

  module {
    source = "./modules/function"
  }

  variables {
    kms_key_arn = null
    settings = {
      handler              = "services.api.handler.lambda_handler"
      runtime              = "python3.11"
      memory_mb            = 256
      timeout_seconds      = 10
      reserved_concurrency = null
      on_failure_arn       = null
      event_source         = null
    }
  }

  assert {
    condition     = length(aws_lambda_event_source_mapping.queue) == 0 && length(aws_lambda_function_event_invoke_config.live) == 0
    error_message = "a function gets only the triggers its settings name"
  }

  assert {
    condition     = aws_lambda_function.this.reserved_concurrent_executions == null
    error_message = "a function without a reservation must share the account's pool"
  }
}
