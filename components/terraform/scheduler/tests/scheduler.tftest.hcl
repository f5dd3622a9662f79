mock_provider "aws" {}

variables {
  namespace  = "acme"
  stage      = "test"
  region     = "us-east-1"
  account_id = "111122223333"

  function_alias_arn = "arn:aws:lambda:us-east-1:111122223333:function:acme-useast1-test-scheduler:live"
  role_arn           = "arn:aws:iam::111122223333:role/acme-useast1-test-schedule"
  schedule_dlq_arn   = "arn:aws:sqs:us-east-1:111122223333:acme-useast1-test-schedule-dlq"
}

run "schedule_invokes_the_live_alias_and_keeps_what_it_gives_up_on" {
  command = plan

  assert {
    condition     = aws_scheduler_schedule.resend_orders.name == "acme-useast1-test-resend-orders"
    error_message = "the schedule must have the name the context gives it"
  }

  assert {
    condition     = one(aws_scheduler_schedule.resend_orders.target).arn == var.function_alias_arn && one(aws_scheduler_schedule.resend_orders.target).role_arn == var.role_arn
    error_message = "the schedule must invoke alias live with the role it is given"
  }

  assert {
    condition     = one(one(aws_scheduler_schedule.resend_orders.target).dead_letter_config).arn == var.schedule_dlq_arn
    error_message = "an invocation given up on must land in the schedule's dead-letter queue"
  }

  assert {
    condition = (
      one(one(aws_scheduler_schedule.resend_orders.target).retry_policy).maximum_retry_attempts == 2 &&
      one(one(aws_scheduler_schedule.resend_orders.target).retry_policy).maximum_event_age_in_seconds == 300
    )
    error_message = "retries must end before the next run makes them pointless"
  }

  assert {
    condition = (
      aws_scheduler_schedule.resend_orders.state == "ENABLED" &&
      aws_scheduler_schedule.resend_orders.schedule_expression == "rate(5 minutes)" &&
      one(aws_scheduler_schedule.resend_orders.flexible_time_window).mode == "OFF"
    )
    error_message = "the schedule must run every five minutes, on the dot"
  }
}

run "schedule_can_be_flexible_encrypted_and_off" {
  command = plan

  variables {
    state                   = "DISABLED"
    schedule_expression     = "cron(0/5 * * * ? *)"
    flexible_window_minutes = 2
    kms_key_arn             = "arn:aws:kms:us-east-1:111122223333:key/1"
  }

  assert {
    condition = (
      aws_scheduler_schedule.resend_orders.state == "DISABLED" &&
      aws_scheduler_schedule.resend_orders.kms_key_arn == var.kms_key_arn &&
      one(aws_scheduler_schedule.resend_orders.flexible_time_window).mode == "FLEXIBLE" &&
      one(aws_scheduler_schedule.resend_orders.flexible_time_window).maximum_window_in_minutes == 2
    )
    error_message = "state, window and key must be those the stage gives"
  }
}

run "refuses_a_plural_of_one" {
  command         = plan
  expect_failures = [var.schedule_expression]

  variables {
    schedule_expression = "rate(1 minutes)"
  }
}

run "refuses_a_five_field_cron" {
  command         = plan
  expect_failures = [var.schedule_expression]

  variables {
    schedule_expression = "cron(*/5 * * * *)"
  }
}

run "refuses_a_function_without_the_live_alias" {
  command         = plan
  expect_failures = [var.function_alias_arn]

  variables {
    function_alias_arn = "arn:aws:lambda:us-east-1:111122223333:function:acme-useast1-test-scheduler"
  }
}

run "refuses_settings_that_aws_does_not_offer" {
  command         = plan
  expect_failures = [var.state, var.flexible_window_minutes, var.maximum_retry_attempts, var.maximum_event_age_seconds]

  variables {
    state                     = "PAUSED"
    flexible_window_minutes   = 1441
    maximum_retry_attempts    = 186
    maximum_event_age_seconds = 30
  }
}

run "schedules_report_the_time_between_two_runs" {
  command = plan

  assert {
    condition     = output.schedules.resend-orders.period_seconds == 300 && output.schedules.resend-orders.function == "scheduler" && output.schedules.resend-orders.group == "default"
    error_message = "rate(5 minutes) is a run every 300 seconds"
  }
}

run "a_singular_rate_is_read_as_well" {
  command = plan

  variables {
    schedule_expression = "rate(1 day)"
  }

  assert {
    condition     = output.schedules.resend-orders.period_seconds == 86400
    error_message = "rate(1 day) is a run every 86400 seconds"
  }
}

run "nobody_misses_a_run_of_a_cron_or_of_a_disabled_schedule" {
  command = plan

  variables {
    schedule_expression = "cron(0/5 * * * ? *)"
  }

  assert {
    condition     = output.schedules.resend-orders.period_seconds == null
    error_message = "between two runs of a cron expression lies no fixed time"
  }
}

run "a_disabled_schedule_is_not_missed" {
  command = plan

  variables {
    state = "DISABLED"
  }

  assert {
    condition     = output.schedules.resend-orders.period_seconds == null
    error_message = "a disabled schedule does not run, as meant"
  }
}
