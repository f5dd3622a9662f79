# A dashboard's widgets in CloudWatch's words (CloudWatch API reference, "Dashboard Body Structure and Syntax").

locals {
  metric_views = { graph = "timeSeries", objective = "timeSeries", number = "singleValue", budget = "singleValue" }

  # The lines of a panel as CloudWatch lists them: namespace, name, dimensions, options; or an expression. As text, since no two
  # of them have one type.
  metric_lines = {
    for name, panels in local.placed_panels : name => [
      for panel in panels : (
        panel.kind == "budget" ? local.budget_lines[panel.slo] :
        panel.kind == "objective" ? local.objective_lines[panel.slo] :
        jsonencode(concat(
          [
            for s in panel.series : concat(
              [s.namespace, s.metric],
              flatten([for dimension, value in s.dimensions : [dimension, value]]),
              [s.options],
            )
          ],
          [
            for line in panel.lines : [{
              for option, value in {
                expression = line.expression
                label      = line.label
                yAxis      = line.axis == "right" ? "right" : null
                id         = line.id
                visible    = line.hidden ? false : null
              } : option => value if value != null
            }]
            if line.expression != null
          ],
        ))
      )
    ]
  }

  # By name, which is known before an ARN is. Composites first: they say which objective.
  listed_alarms = concat(
    [for alarm in aws_cloudwatch_composite_alarm.page : { name = alarm.alarm_name, severity = "page", signal = "page" }],
    [for alarm in aws_cloudwatch_composite_alarm.ticket : { name = alarm.alarm_name, severity = "ticket", signal = "ticket" }],
    [for alarm in aws_cloudwatch_composite_alarm.deploy : { name = alarm.alarm_name, severity = "none", signal = "deploy" }],
    [for alarm in local.alarms : { name = alarm.name, severity = alarm.severity, signal = alarm.signal }],
  )

  # What stands in a widget besides its title and its place.
  widget_properties = {
    for name, panels in local.placed_panels : name => [
      for index, panel in panels : merge(
        { for property, value in {
          region = var.region
          title  = panel.title
          view   = lookup(local.metric_views, panel.kind, null)
          # Minutes are judged by what is reported of each.
          period = panel.kind == "objective" && try(local.measures[panel.slo].minutes, false) ? 60 : panel.period_seconds
          # A budget is one of 30 days, whatever range is shown.
          start = panel.kind == "budget" ? "-P30D" : panel.start
          # A number is over the whole range, not over its last period; but counted minutes keep their periods.
          setPeriodToTimeRange = panel.kind == "number" || (panel.kind == "budget" && !try(local.measures[panel.slo].minutes, false)) ? true : null
          stat                 = panel.stat
          stacked              = panel.kind == "graph" && panel.stacked ? true : null
          yAxis                = contains(["graph", "objective"], panel.kind) ? { left = { for k, v in { min = 0, showUnits = false, label = panel.unit } : k => v if v != null } } : null
          metrics              = jsondecode(local.metric_lines[name][index])
          annotations          = local.panel_annotations[name][index]
          } : property => value if value != null && contains(keys(local.metric_views), panel.kind)
        },
        { for property, value in {
          region = var.region
          title  = panel.title
          view   = panel.view
          query = panel.query == null ? null : join(" | ", concat(
            [for group in local.query_log_groups[panel.query] : "SOURCE '${group}'"],
            [trimspace(var.queries[panel.query].query)],
          ))
          } : property => value if panel.kind == "logs"
        },
        { for property, value in {
          title  = panel.title
          sortBy = "stateUpdatedTimestamp"
          alarms = [
            for alarm in local.listed_alarms : "arn:${local.partition}:cloudwatch:${var.region}:${var.account_id}:alarm:${alarm.name}"
            if contains(panel.severities, alarm.severity) && (panel.signals == null ? true : contains(panel.signals, alarm.signal))
          ]
          } : property => value if panel.kind == "alarms"
        },
        { for property, value in { markdown = panel.text } : property => value if panel.kind == "text" },
      )
    ]
  }

  widgets = {
    for name, rows in local.placed_rows : name => concat(
      [
        for row in rows : { type = "text", x = 0, y = row.y, width = 24, height = 1, properties = { markdown = "## ${row.title}" } }
      ],
      [
        for index, panel in local.placed_panels[name] : {
          type       = lookup({ logs = "log", alarms = "alarm", text = "text" }, panel.kind, "metric")
          x          = panel.x
          y          = panel.y
          width      = panel.width
          height     = panel.height
          properties = local.widget_properties[name][index]
        }
      ],
    )
  }
}
