mock_provider "aws" {
  mock_resource "aws_sns_topic" {
    defaults = {
      arn = "arn:aws:sns:us-east-1:111122223333:acme-useast1-test-alarms"
    }
  }

  # Not "aws", so that an ARN with a partition of its own shows.
  mock_data "aws_partition" {
    defaults = {
      partition = "aws-cn"
    }
  }

  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{}"
    }
  }
}

variables {
  namespace  = "acme"
  stage      = "test"
  region     = "us-east-1"
  account_id = "111122223333"

  function_names = { api = "acme-useast1-test-api", processor = "acme-useast1-test-processor" }
  api_id         = "abc123"
  alarms_enabled = true
}

run "every_signal_has_its_alarm" {
  command = apply

  assert {
    condition = output.alarm_names == tolist([
      "acme-useast1-test-api-5xx",
      "acme-useast1-test-api-errors",
      "acme-useast1-test-api-throttles",
      "acme-useast1-test-failures",
      "acme-useast1-test-orders-dlq",
      "acme-useast1-test-orders-queue-age",
      "acme-useast1-test-processor-errors",
      "acme-useast1-test-processor-throttles",
      "acme-useast1-test-schedule-dlq",
    ])
    error_message = "each function, the API, each dead-letter queue and the orders queue must have their alarms"
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.this :
      alarm.alarm_actions == toset([output.topic_arn]) && alarm.ok_actions == toset([output.topic_arn])
    ])
    error_message = "the topic must hear of the beginning and the end of each alarm"
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : length(alarm.alarm_description) > 100 && length(alarm.alarm_description) <= 1024])
    error_message = "a description must say what, why and what to do, in CloudWatch's 1024 characters"
  }
}

run "alarms_watch_metrics_and_dimensions_that_aws_reports" {
  command = apply

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["api-errors"].namespace == "AWS/Lambda" &&
      aws_cloudwatch_metric_alarm.this["api-errors"].metric_name == "Errors" &&
      aws_cloudwatch_metric_alarm.this["api-errors"].dimensions == tomap({ FunctionName = "acme-useast1-test-api" })
    )
    error_message = "function errors are AWS/Lambda Errors by FunctionName"
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["api-5xx"].metric_name == "5xx" &&
      aws_cloudwatch_metric_alarm.this["api-5xx"].dimensions == tomap({ ApiId = "abc123", Stage = "$default" })
    )
    error_message = "an HTTP API reports 5xx (not 5XXError) by ApiId and Stage"
  }

  assert {
    condition = alltrue([
      for signal, queue in { orders-dlq = "orders-dlq", schedule-dlq = "schedule-dlq", failures = "failures" } :
      aws_cloudwatch_metric_alarm.this[signal].metric_name == "ApproximateNumberOfMessagesVisible" &&
      aws_cloudwatch_metric_alarm.this[signal].dimensions == tomap({ QueueName = "acme-useast1-test-${queue}" }) &&
      aws_cloudwatch_metric_alarm.this[signal].statistic == "Maximum" &&
      aws_cloudwatch_metric_alarm.this[signal].threshold == 1
    ])
    error_message = "one message in a dead-letter queue must be an alarm; NumberOfMessagesSent misses redrives"
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["orders-queue-age"].metric_name == "ApproximateAgeOfOldestMessage" &&
      aws_cloudwatch_metric_alarm.this["orders-queue-age"].dimensions == tomap({ QueueName = "acme-useast1-test-orders" }) &&
      aws_cloudwatch_metric_alarm.this["orders-queue-age"].threshold == 300
    )
    error_message = "the age of the oldest order must be watched, in seconds"
  }
}

run "silence_means_what_it_means_for_each_metric" {
  command = apply

  assert {
    condition = alltrue([
      for signal, alarm in aws_cloudwatch_metric_alarm.this :
      alarm.treat_missing_data == (alarm.metric_name == "ApproximateNumberOfMessagesVisible" ? "ignore" : "notBreaching")
    ])
    error_message = "an idle dead-letter queue must stay in alarm while unread; for the rest no data is no problem"
  }
}

run "alarms_can_be_off_while_the_dashboard_stays" {
  command = apply

  variables {
    alarms_enabled = false
  }

  assert {
    condition     = length(output.alarm_names) == 0
    error_message = "alarms_enabled = false must leave no alarm to pay for"
  }

  assert {
    condition     = output.dashboard_name == "acme-useast1-test"
    error_message = "the dashboard must exist without alarms"
  }
}

run "dashboard_fits_the_grid_and_shows_the_business_metrics_as_powertools_emits_them" {
  command = apply

  assert {
    condition     = alltrue([for widget in jsondecode(aws_cloudwatch_dashboard.service.dashboard_body).widgets : widget.x + widget.width <= 24])
    error_message = "a widget must not leave the 24 columns"
  }

  assert {
    condition = length(distinct([
      for widget in jsondecode(aws_cloudwatch_dashboard.service.dashboard_body).widgets : "${widget.x},${widget.y}"
    ])) == length(jsondecode(aws_cloudwatch_dashboard.service.dashboard_body).widgets)
    error_message = "two widgets must not lie on each other"
  }

  assert {
    condition = jsonencode([
      for widget in jsondecode(aws_cloudwatch_dashboard.service.dashboard_body).widgets : widget.properties.metrics
      if try(widget.properties.metrics[0][0], "") == "acme-useast1-test"
      ]) == jsonencode([
      [["acme-useast1-test", "OrdersPlaced", "service", "api"]],
      [["acme-useast1-test", "OrdersConfirmed", "service", "processor"]],
      [["acme-useast1-test", "OrdersResent", "service", "scheduler"]],
    ])
    error_message = "business metrics must be those of the services, by dimension service"
  }
}

run "dashboard_shows_every_function_in_one_graph" {
  command = apply

  assert {
    condition = contains([
      for widget in jsondecode(aws_cloudwatch_dashboard.service.dashboard_body).widgets : jsonencode(try(widget.properties.metrics, []))
      ], jsonencode([
        ["AWS/Lambda", "Errors", "FunctionName", "acme-useast1-test-api"],
        ["AWS/Lambda", "Errors", "FunctionName", "acme-useast1-test-processor"],
    ]))
    error_message = "a graph must show its metric of each function"
  }
}

run "topic_is_encrypted_where_the_stage_gives_a_key" {
  command = apply

  variables {
    kms_key_arn  = "arn:aws:kms:us-east-1:111122223333:key/1"
    alarm_emails = ["oncall@example.com"]
  }

  assert {
    condition     = aws_sns_topic.alarms.name == "acme-useast1-test-alarms" && aws_sns_topic.alarms.kms_master_key_id == var.kms_key_arn
    error_message = "the topic must be encrypted with the key the stage gives"
  }

  assert {
    condition     = aws_sns_topic_subscription.email["oncall@example.com"].protocol == "email"
    error_message = "each address must be subscribed"
  }
}

run "topic_takes_messages_from_this_account_s_alarms_only" {
  command = apply

  assert {
    condition = (
      one(data.aws_iam_policy_document.alarms_topic.statement[0].principals).identifiers == toset(["cloudwatch.amazonaws.com"]) &&
      contains([for c in data.aws_iam_policy_document.alarms_topic.statement[0].condition : "${c.variable}=${join(",", c.values)}"], "aws:SourceAccount=111122223333") &&
      contains([for c in data.aws_iam_policy_document.alarms_topic.statement[0].condition : "${c.variable}=${join(",", c.values)}"], "aws:SourceArn=arn:aws-cn:cloudwatch:us-east-1:111122223333:alarm:acme-useast1-test-*")
    )
    error_message = "only CloudWatch may publish, and only for this stack's alarms in this account and partition"
  }
}

run "refuses_an_address_that_is_none_and_an_age_below_the_metric_s_resolution" {
  command         = plan
  expect_failures = [var.alarm_emails, var.queue_age_threshold_seconds]

  variables {
    alarm_emails                = ["oncall"]
    queue_age_threshold_seconds = 30
  }
}
