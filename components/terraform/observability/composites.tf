# What is told of the objectives, once for all of them: the rule names the children, so that the message says which objective it is.
# Other alarms tell themselves and are no children here (but of DEPLOY, which tells nobody): nobody hears of one thing twice.

locals {
  # A pair burns while both its windows do.
  pairs_burning = {
    for severity in ["page", "ticket"] : severity => {
      for key, window in local.indicator_windows : key => {
        kind = local.indicators[window.indicator].kind
        slo  = local.indicators[window.indicator].slo
        rule = join(" AND ", [
          for other, twin in local.indicator_windows : "ALARM(\"${local.prefix}-${other}\")" if twin.indicator == window.indicator && twin.pair == window.pair
        ])
      } if window.long && window.severity == severity
    }
  }

  api_pairs  = { for severity, pairs in local.pairs_burning : severity => [for pair in pairs : "(${pair.rule})" if pair.kind == "api"] }
  flow_pairs = { for severity, pairs in local.pairs_burning : severity => [for pair in pairs : "(${pair.rule})" if pair.kind != "api"] }

  loud = [for alarm in local.quiet_alarms : "NOT ALARM(\"${alarm.name}\")"]

  rules = {
    # How few requests the API gets says nothing about orders that wait in a queue.
    page = join(" OR ", concat(
      [for pairs in [local.api_pairs.page] : "(${join(" AND ", concat(local.loud, ["(${join(" OR ", pairs)})"]))})" if length(pairs) > 0],
      local.flow_pairs.page,
    ))
    ticket = join(" OR ", concat(local.api_pairs.ticket, local.flow_pairs.ticket))
    deploy = join(" OR ", [for alarm in local.alarms : "ALARM(\"${alarm.name}\")" if alarm.deploy])
  }

  runbooks = join(" ", [for name in keys(local.indicators) : "${var.runbook_url_prefix}/${name}.md"])
}

resource "aws_cloudwatch_composite_alarm" "page" {
  count = local.slo_alarm_scope == "all" && local.rules.page != "" ? 1 : 0

  alarm_name        = "${local.prefix}-page"
  alarm_description = "An objective's error budget burns fast enough to be gone in days: users notice now. The children in alarm say which. Runbooks: ${local.runbooks}"
  alarm_rule        = local.rules.page
  alarm_actions     = local.actions.page
  ok_actions        = local.actions.page

  tags = { signal = "page", resource = "service", severity = "page" }

  # Its children have to exist, and are known by name only.
  depends_on = [aws_cloudwatch_metric_alarm.this]

  lifecycle {
    precondition {
      condition     = length(local.rules.page) <= 10240
      error_message = "The rule of the page alarm has ${length(local.rules.page)} characters; CloudWatch takes 10,240. Split the objectives among stacks, or give up a burn rate."
    }
  }
}

resource "aws_cloudwatch_composite_alarm" "ticket" {
  count = local.slo_alarm_scope == "all" && local.rules.ticket != "" ? 1 : 0

  alarm_name        = "${local.prefix}-ticket"
  alarm_description = "An objective's error budget burns faster than it may, for hours or days: find out why within the week. The children in alarm say which. Held back while ${local.prefix}-page is on. Runbooks: ${local.runbooks}"
  alarm_rule        = local.rules.ticket
  alarm_actions     = local.actions.ticket

  tags = { signal = "ticket", resource = "service", severity = "ticket" }

  # What already pages needs no ticket: wait for the page that may be about to begin, and for the short windows to clear after it.
  dynamic "actions_suppressor" {
    for_each = aws_cloudwatch_composite_alarm.page

    content {
      alarm            = actions_suppressor.value.alarm_name
      wait_period      = 120
      extension_period = 300
    }
  }

  depends_on = [aws_cloudwatch_metric_alarm.this]

  lifecycle {
    precondition {
      condition     = length(local.rules.ticket) <= 10240
      error_message = "The rule of the ticket alarm has ${length(local.rules.ticket)} characters; CloudWatch takes 10,240. Split the objectives among stacks, or give up a burn rate."
    }
  }
}

# Tells nobody: a rollout reads it, and goes back while it is on.
resource "aws_cloudwatch_composite_alarm" "deploy" {
  count = local.rules.deploy != "" ? 1 : 0

  alarm_name        = "${local.prefix}-deploy"
  alarm_description = "What a release must not cause: errors, slowness or lost work within minutes. A rollout that meets it goes back. Three errors among 100 requests are enough, so it is no alarm for people."
  alarm_rule        = local.rules.deploy

  tags = { signal = "deploy", resource = "service", severity = "none" }

  depends_on = [aws_cloudwatch_metric_alarm.this]

  lifecycle {
    precondition {
      condition     = length([for alarm in local.alarms : alarm if alarm.deploy]) <= 100 && length(local.rules.deploy) <= 10240
      error_message = "The deploy alarm has ${length([for alarm in local.alarms : alarm if alarm.deploy])} children; CloudWatch takes 100, in 10,240 characters. Take deploy from a signal in dashboards/alarms.yaml, or leave alarms out by exceptions."
    }
  }
}
