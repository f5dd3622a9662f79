mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:eu-west-1:111122223333:mocked" }
  }
}

variables {
  namespace                  = "acme"
  stage                      = "dev"
  region                     = "eu-west-1"
  account_id                 = "111122223333"
  kms_key_arn                = null
  function_timeout_seconds   = 30
  visibility_timeout_seconds = 180
}

run "orders_and_their_dead_letters_point_at_each_other" {
  assert {
    condition     = aws_sqs_queue.orders.name == "acme-euwest1-dev-orders" && aws_sqs_queue.dlq.name == "acme-euwest1-dev-orders-dlq"
    error_message = "The roles are granted access to <prefix>-orders."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.orders.redrive_policy) == { deadLetterTargetArn = aws_sqs_queue.dlq.arn, maxReceiveCount = 5 }
    error_message = "After five deliveries an order goes to the dead-letter queue."
  }

  assert {
    condition = jsondecode(aws_sqs_queue.dlq.redrive_allow_policy) == {
      redrivePermission = "byQueue"
      sourceQueueArns   = ["arn:aws:sqs:eu-west-1:111122223333:acme-euwest1-dev-orders"]
    }
    error_message = "Only the orders queue may use its dead-letter queue."
  }
}

run "dead_letters_are_kept_for_fourteen_days" {
  assert {
    condition = alltrue([
      for queue in [aws_sqs_queue.dlq, aws_sqs_queue.schedule_dlq, aws_sqs_queue.failures] : queue.message_retention_seconds == 1209600
    ])
    error_message = "A queue of failures drops them before SQS's maximum of 14 days."
  }

  assert {
    condition = alltrue([
      for queue in [aws_sqs_queue.schedule_dlq, aws_sqs_queue.failures] : jsondecode(queue.redrive_allow_policy).redrivePermission == "denyAll"
    ])
    error_message = "No queue may use these as its dead-letter queue."
  }
}

run "receiving_waits_for_messages" {
  assert {
    condition     = aws_sqs_queue.orders.receive_wait_time_seconds == 20 && aws_sqs_queue.orders.visibility_timeout_seconds == 180
    error_message = "The orders queue must be polled long, and hide messages as long as asked."
  }
}

run "every_queue_is_encrypted_by_sqs_without_a_key" {
  assert {
    condition = alltrue([
      for queue in [aws_sqs_queue.orders, aws_sqs_queue.dlq, aws_sqs_queue.schedule_dlq, aws_sqs_queue.failures] :
      queue.sqs_managed_sse_enabled && queue.kms_master_key_id == null
    ])
    error_message = "A queue is not encrypted."
  }
}

run "every_queue_is_encrypted_with_the_key_given" {
  variables {
    kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"
  }

  assert {
    condition = alltrue([
      for queue in [aws_sqs_queue.orders, aws_sqs_queue.dlq, aws_sqs_queue.schedule_dlq, aws_sqs_queue.failures] :
      queue.kms_master_key_id == var.kms_key_arn
    ])
    error_message = "A queue is encrypted with another key."
  }
}

run "every_queue_refuses_requests_without_tls" {
  assert {
    condition     = toset(keys(aws_sqs_queue_policy.tls_only)) == toset(["orders", "dlq", "schedule_dlq", "failures"])
    error_message = "A queue has no TLS-only policy."
  }

  assert {
    condition = alltrue([
      for document in data.aws_iam_policy_document.tls_only :
      document.statement[0].effect == "Deny" && document.statement[0].actions == toset(["sqs:*"]) && [
        for condition in document.statement[0].condition : [condition.test, condition.variable, condition.values]
      ] == [["Bool", "aws:SecureTransport", tolist(["false"])]]
    ])
    error_message = "The policy must deny everything that does not come over TLS."
  }
}

run "an_endpoint_without_tls_stays_usable" {
  variables {
    tls_only = false
  }

  assert {
    condition     = length(aws_sqs_queue_policy.tls_only) == 0
    error_message = "tls_only = false must leave the queues without the policy."
  }
}

run "a_visibility_timeout_below_six_times_the_function_timeout_is_refused" {
  command = plan

  variables {
    visibility_timeout_seconds = 179
  }

  expect_failures = [var.visibility_timeout_seconds]
}

run "values_sqs_does_not_take_are_refused" {
  command = plan

  variables {
    visibility_timeout_seconds = 43201
    max_receive_count          = 0
    message_retention_seconds  = 1209600
    receive_wait_time_seconds  = 0
    kms_key_arn                = "alias/orders"
  }

  expect_failures = [
    var.visibility_timeout_seconds,
    var.max_receive_count,
    var.message_retention_seconds,
    var.receive_wait_time_seconds,
    var.kms_key_arn,
  ]
}

run "a_timeout_lambda_does_not_take_is_refused" {
  command = plan

  variables {
    function_timeout_seconds   = 901
    visibility_timeout_seconds = 5406
  }

  expect_failures = [var.function_timeout_seconds]
}

run "queues_report_what_observability_watches" {
  command = plan

  assert {
    condition = (
      { for key, queue in output.queues : key => "${queue.name} ${queue.kind} ${queue.retention_seconds}" } == {
        orders       = "acme-euwest1-dev-orders work 345600"
        orders-dlq   = "acme-euwest1-dev-orders-dlq dead_letter 1209600"
        schedule-dlq = "acme-euwest1-dev-schedule-dlq dead_letter 1209600"
        failures     = "acme-euwest1-dev-failures dead_letter 1209600"
      } && output.queues.orders.consumer == "processor" && output.queues.orders-dlq.consumer == null
    )
    error_message = "Each queue must be known by name, kind and retention before it exists."
  }
}
