# Log lines that count as a metric. A filter exists where the tier has an alarm on it and nowhere else: each is a custom metric on
# the bill.

locals {
  # A namespace of its own: what stands in <prefix> is what the functions report themselves.
  log_metrics_namespace = "${local.prefix}/logs"
}

resource "aws_cloudwatch_log_metric_filter" "this" {
  for_each = {
    for key, alarm in local.signal_alarms : key => {
      pattern   = var.signals[alarm.signal].log_pattern
      log_group = local.resources[var.signals[alarm.signal].watches][alarm.resource].log_group_name
    } if var.signals[alarm.signal].log_pattern != null
  }

  name           = "${local.prefix}-${each.key}"
  log_group_name = each.value.log_group
  pattern        = each.value.pattern

  metric_transformation {
    namespace = local.log_metrics_namespace
    name      = each.key
    value     = "1"
    unit      = "Count"
    # Zeros while lines come in that do not match: the alarm ends by data, not by silence.
    default_value = "0"
  }
}
