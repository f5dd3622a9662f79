# What a panel comes to: its series from the inventory, its lines from the alarms, its place on the grid of 24 columns.

locals {
  # What the functions report themselves (EMF): outcomes by service, cold starts by function and service.
  reporting_resources = {
    services = { for role in keys(var.functions) : role => { namespace = local.prefix, dimensions = { service = role } } }
    handlers = {
      for role, function in var.functions : role => {
        namespace  = local.prefix
        dimensions = { function_name = function.name, service = role }
      }
    }
  }

  # A line is `of` a kind; `where` compares the attributes of a resource, and its key.
  panel_resources = {
    for kind, resources in merge(local.resources, local.reporting_resources) : kind => {
      for key, resource in resources : key => {
        namespace  = resource.namespace
        dimensions = resource.dimensions
        # Only what is one value can be compared.
        attributes = merge({ for name, value in resource : name => try(tostring(value), null) }, { key = key })
      }
    }
  }

  # Every panel with its lines resolved to series.
  resolved_rows = {
    for name, dashboard in local.dashboards : name => [
      for row in dashboard.rows : {
        title  = row.title
        height = row.height
        panels = [
          for panel in row.panels : merge(panel, {
            period_seconds = coalesce(panel.period_seconds, dashboard.period_seconds)
            series = flatten([
              for line in panel.lines : [
                for key, resource in try(local.panel_resources[line.of], {}) : {
                  namespace  = resource.namespace
                  metric     = line.of == "api" ? lookup(local.api_metrics, line.metric, line.metric) : line.metric
                  dimensions = merge(resource.dimensions, line.dimensions)
                  options = {
                    for option, value in {
                      stat = coalesce(line.stat, panel.stat)
                      # A series of the only API is told by its label, of many resources by their keys.
                      label   = join(" ", compact([line.label, line.of == "api" ? "" : key]))
                      yAxis   = line.axis == "right" ? "right" : null
                      id      = line.id
                      visible = line.hidden ? false : null
                    } : option => value if value != null
                  }
                }
                if alltrue([for attribute, value in line.where : lookup(resource.attributes, attribute, null) == value])
              ]
            ])
          })
          # A panel about an objective or a query of what the stack does not have is left out.
          if(panel.slo == null ? true : contains(keys(local.indicators), panel.slo)) &&
          (panel.query == null ? true : try(length(local.query_log_groups[panel.query]) > 0, false))
        ]
      }
    ]
  }

  # So is one of a kind of resource it does not have, and a row without panels.
  filled_rows = {
    for name, rows in local.resolved_rows : name => [
      for row in [
        for row in rows : merge(row, { panels = [for panel in row.panels : panel if length(panel.lines) == 0 || length(panel.series) > 0] })
      ] : row if length(row.panels) > 0
    ]
  }

  # The panels of a row share the width that is left by those that say theirs.
  widths = {
    for name, rows in local.filled_rows : name => [
      for row in rows : [
        for panel in row.panels : coalesce(panel.width, floor(
          (24 - sum(concat([0], [for other in row.panels : other.width if other.width != null])))
          / max(1, length([for other in row.panels : other if other.width == null]))
        ))
      ]
    ]
  }

  # A row is a heading of height 1 over its panels.
  placed_rows = {
    for name, rows in local.filled_rows : name => [
      for index, row in rows : {
        title = row.title
        y     = sum(concat([0], [for above in slice(rows, 0, index) : above.height + 1]))
        panels = [
          for column, panel in row.panels : merge(panel, {
            y      = sum(concat([1], [for above in slice(rows, 0, index) : above.height + 1]))
            x      = sum(concat([0], slice(local.widths[name][index], 0, column)))
            width  = local.widths[name][index][column]
            height = row.height
          })
        ]
      }
    ]
  }

  placed_panels = { for name, rows in local.placed_rows : name => flatten(rows[*].panels) }
}

locals {
  # From the objects that the alarms are made of (alarms.tf): what a line shows is what the alarm compares with.
  alarm_lines = [
    for alarm in local.alarms : {
      series    = jsonencode([alarm.namespace, alarm.metric, alarm.dimensions, alarm.statistic, alarm.period])
      period    = alarm.period
      threshold = alarm.threshold
      signal    = alarm.signal
      label     = "${alarm.window == null ? alarm.resource : alarm.window} ${alarm.signal}"
      color     = alarm.severity == "page" ? "#d62728" : "#ff7f0e"
    }
  ]

  # A line belongs to a panel that shows the very series, by the same statistic over the same period; an objective's panel shows
  # those of its alarms that judge windows as long as its period. Lines at one height are one.
  panel_alarm_lines = {
    for name, panels in local.placed_panels : name => [
      for panel in panels : {
        for line in local.alarm_lines : tostring(line.threshold) => line...
        if panel.kind == "objective" ? (
          line.signal == panel.slo && line.period == (local.measures[panel.slo].minutes ? 60 : panel.period_seconds)
          ) : contains(
          [for s in panel.series : jsonencode([s.namespace, s.metric, s.dimensions, s.options.stat, panel.period_seconds])], line.series
        )
      }
    ]
  }

  panel_annotations = {
    for name, panels in local.panel_alarm_lines : name => [
      for panel in panels : length(panel) == 0 ? null : {
        horizontal = [
          for threshold, lines in panel : {
            label = length(lines) == 1 ? lines[0].label : join(", ", distinct(lines[*].signal))
            value = tonumber(threshold)
            color = lines[0].color
          }
        ]
      }
    ]
  }
}

locals {
  # An objective's share of what was bad, from the same queries and the same expression as its alarms. The queries are not shown.
  objective_queries = {
    for name, indicator in local.indicators : name => [
      for id, query in local.measures[name].queries : concat(
        [indicator.watched.namespace, query.metric],
        flatten([for dimension, value in indicator.watched.dimensions : [dimension, value]]),
        [{ id = id, stat = query.statistic, visible = false }],
      )
    ]
  }

  # Where minutes are judged, the metric they are judged by.
  objective_metric = {
    for name, indicator in local.indicators : name => concat(
      [indicator.watched.namespace, coalesce(local.measures[name].metric, "-")],
      flatten([for dimension, value in indicator.watched.dimensions : [dimension, value]]),
    )
  }

  # Minutes are older than 15 days as spans of five only: such a span counts as bad when its worst minute was.
  budget_lines = {
    for name, indicator in local.indicators : name => local.measures[name].minutes ? jsonencode([
      concat(local.objective_metric[name], [{ id = "worst", stat = local.measures[name].statistic, period = 300, visible = false }]),
      [{ expression = "0 * FILL(worst, 0) + 100 * (1 - AVG(IF(FILL(worst, 0) > ${indicator.limit}, 1, 0)) / ${local.budgets[name]})", label = "%", period = 300 }],
      ]) : jsonencode(concat(local.objective_queries[name], [
        [{ expression = "100 * (1 - (${local.measures[name].expression}) / ${local.budgets[name]})", label = "%" }],
    ]))
  }

  # As a person writes it: 0.001, not the last bit of 1 - 0.999.
  budgets = { for name, indicator in local.indicators : name => tonumber(format("%.10f", indicator.budget)) }

  objective_lines = {
    for name, indicator in local.indicators : name => local.measures[name].metric != null ? jsonencode([
      concat(local.objective_metric[name], [{ stat = local.measures[name].statistic, label = name }]),
      ]) : jsonencode(concat(local.objective_queries[name], [
        [{ expression = local.measures[name].expression, label = name }],
    ]))
  }
}

locals {
  panel_queries = {
    for name, dashboard in local.dashboards : name => toset(flatten([for row in dashboard.rows : [for panel in row.panels : panel.query if panel.query != null]]))
  }

  panel_objectives = {
    for name, dashboard in local.dashboards : name => toset(flatten([for row in dashboard.rows : [for panel in row.panels : panel.slo if panel.slo != null]]))
  }

  # Those that dashboards/slo.yaml has, whether or not this stack has what they watch.
  known_objectives = flatten([
    for name, slo in var.slo.slos : [for sli in ["availability", "latency", "success", "freshness"] : "${name}-${sli}" if slo[sli] != null]
  ])

  ambiguous_ids = {
    for name, panels in local.placed_panels : name => toset(flatten([
      for panel in panels : [
        for line in panel.lines : line.id
        if line.id != null && line.expression == null && length([for s in panel.series : s if lookup(s.options, "id", null) == line.id]) != 1
      ]
    ]))
  }
}
