# What someone must look at. An alarm is one entry of local.alarms: its metric, its threshold, and a description that says what
# happened, why it matters and what to do.

variable "alarms_enabled" {
  description = "Create the alarms. Each costs about 0.10 USD a month; without them the dashboard still shows every signal."
  type        = bool
}

variable "queue_age_threshold_seconds" {
  description = "Seconds an order may wait in the queue before that is an alarm. Normally an order is taken within seconds."
  type        = number
  default     = 300

  validation {
    condition     = var.queue_age_threshold_seconds >= 60
    error_message = "queue_age_threshold_seconds must be at least 60, the resolution of the metric."
  }
}

locals {
  # FunctionName alone counts every version and alias, so that a canary's errors are seen too.
  function_alarms = merge([
    for role, name in var.function_names : {
      "${role}-errors" = {
        description = "Function ${name} raised. Expected failures are answered or reported without raising, so this is a defect or an outage of what it calls. Read its ERROR lines, roll back if a release preceded it."
        namespace   = "AWS/Lambda"
        metric      = "Errors"
        dimensions  = { FunctionName = name }
        statistic   = "Sum"
        threshold   = 1
        # One run in five minutes is all the scheduler function makes, so a single data point must do.
        period       = 300
        datapoints   = 1
        evaluations  = 1
        missing_data = "notBreaching" # no invocation, no error
      }
      "${role}-throttles" = {
        description  = "Function ${name} is refused for lack of concurrency: callers wait or get errors. One burst passes by itself, this one lasts. Compare with its reserved concurrency and the account's limit, raise the one that is reached."
        namespace    = "AWS/Lambda"
        metric       = "Throttles"
        dimensions   = { FunctionName = name }
        statistic    = "Sum"
        threshold    = 1
        period       = 60
        datapoints   = 3
        evaluations  = 5
        missing_data = "notBreaching" # no invocation, no throttle
      }
    }
  ]...)

  api_alarms = {
    "api-5xx" = {
      description  = "The API answered 5xx at least five times in five minutes: callers' requests fail through no fault of theirs. Find the route and the integrationError in the access log, then the request in the function's log."
      namespace    = "AWS/ApiGateway"
      metric       = "5xx"
      dimensions   = { ApiId = var.api_id, Stage = var.api_stage_name }
      statistic    = "Sum"
      threshold    = 5
      period       = 300
      datapoints   = 1
      evaluations  = 1
      missing_data = "notBreaching" # no request, no failure
    }
  }

  dead_letter_alarms = {
    for signal, queue in {
      orders-dlq = {
        name        = local.names.orders_dlq
        description = "Orders were given up on after every retry and will not be confirmed by themselves. Read one message and the processor's ERROR lines, repair the cause, then redrive the queue."
      }
      schedule-dlq = {
        name        = local.names.schedule_dlq
        description = "The Scheduler could not invoke the scheduler function, so orders that missed the queue stay PENDING. The message's attributes name the error: mostly a permission or a throttle. Repair it and purge the queue; the next run does the work."
      }
      failures = {
        name        = local.names.failures_queue
        description = "A function gave up on an asynchronous event. The message holds the event and the error: repair the cause, then invoke the function with the event again."
      }
      } : signal => {
      description = queue.description
      namespace   = "AWS/SQS"
      metric      = "ApproximateNumberOfMessagesVisible"
      dimensions  = { QueueName = queue.name }
      statistic   = "Maximum"
      threshold   = 1
      # Two of three: the count is approximate, and a single reading may be of a message already deleted.
      period      = 60
      datapoints  = 2
      evaluations = 3
      # SQS stops reporting a queue nobody touches for six hours, with its messages in it: stay in alarm until a reading says empty.
      missing_data = "ignore"
    }
  }

  queue_alarms = {
    "orders-queue-age" = {
      description  = "The oldest order has waited over ${var.queue_age_threshold_seconds} seconds: the processor is not keeping up or not running. Check its errors, throttles and event source mapping; orders are delayed, none is lost yet."
      namespace    = "AWS/SQS"
      metric       = "ApproximateAgeOfOldestMessage"
      dimensions   = { QueueName = local.names.orders_queue }
      statistic    = "Maximum"
      threshold    = var.queue_age_threshold_seconds
      period       = 60
      datapoints   = 3
      evaluations  = 5
      missing_data = "notBreaching" # SQS reports nothing for a queue that has been idle: nothing waits
    }
  }

  alarms = merge(local.function_alarms, local.api_alarms, local.dead_letter_alarms, local.queue_alarms)
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = var.alarms_enabled ? local.alarms : {}

  alarm_name          = "${local.prefix}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = each.value.threshold
  period              = each.value.period
  datapoints_to_alarm = each.value.datapoints
  evaluation_periods  = each.value.evaluations
  treat_missing_data  = each.value.missing_data
  alarm_actions       = [aws_sns_topic.alarms.arn]
  # Also when it is over: an alarm that ends by itself at night needs no one.
  ok_actions = [aws_sns_topic.alarms.arn]
}
