# Traffic that is unlike itself: far fewer or far more requests than on such an hour of such a weekday.

variable "anomaly_detection_enabled" {
  description = "Alarm on an unusual number of requests: 0.30 USD a month (three alarm metrics). Off: it learns for two weeks, and a marketing mail is an anomaly, too; the objectives tell what users notice."
  type        = bool
  default     = false
}

variable "anomaly_band_width" {
  description = "How many standard deviations from what is expected the traffic may be. Below 2 a usual day is an anomaly."
  type        = number
  default     = 4

  validation {
    condition     = var.anomaly_band_width >= 2 && var.anomaly_band_width <= 10
    error_message = "anomaly_band_width must be from 2 to 10."
  }
}

resource "aws_cloudwatch_metric_alarm" "anomaly" {
  for_each = var.anomaly_detection_enabled ? local.resources.api : {}

  alarm_name        = "${local.prefix}-${each.key}-unusual-traffic"
  alarm_description = "API ${each.value.name}: the number of requests left its usual band in three of four spans of fifteen minutes. Callers went away, or come in numbers nobody announced. Owner: orders. Runbook: ${var.runbook_url_prefix}/unusual-traffic.md"

  metric_query {
    id          = "requests"
    return_data = true

    metric {
      namespace   = each.value.namespace
      metric_name = local.api_metrics["Count"]
      dimensions  = each.value.dimensions
      stat        = "SampleCount"
      period      = 900
    }
  }

  metric_query {
    id          = "usual"
    label       = "usual"
    expression  = "ANOMALY_DETECTION_BAND(requests, ${var.anomaly_band_width})"
    return_data = true
  }

  comparison_operator = "LessThanLowerOrGreaterThanUpperThreshold"
  threshold_metric_id = "usual"
  datapoints_to_alarm = 3
  evaluation_periods  = 4
  # A quiet night has no requests to judge.
  treat_missing_data = "notBreaching"
  alarm_actions      = local.actions.ticket

  tags = { signal = "unusual-traffic", resource = each.key, severity = "ticket", owner = "orders" }
}
