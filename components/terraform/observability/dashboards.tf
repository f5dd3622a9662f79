# The dashboards: rows of panels as dashboards/*.yaml has them. A panel names metrics by what they are of (functions, queues, ...),
# so that a resource the inventory gains shows without an edit. panels.tf finds them, widgets.tf writes what CloudWatch takes.

variable "dashboards" {
  description = <<-EOT
    The dashboards by name: the files dashboards/<name>.yaml, whose schema describes every field. A dashboard is made in the
    `tiers` it lists. Three dashboards of at most 50 metrics are free in an account; each further or larger one is 3 USD a month.
  EOT
  type = map(object({
    title          = string
    reader         = string
    tiers          = set(string)
    start          = optional(string, "-PT3H")
    period_seconds = optional(number, 60)
    rows = list(object({
      title  = string
      height = optional(number, 6)
      panels = list(object({
        title          = string
        kind           = optional(string, "graph")
        width          = optional(number)
        stat           = optional(string, "Sum")
        period_seconds = optional(number)
        unit           = optional(string)
        stacked        = optional(bool, false)
        start          = optional(string)
        lines = optional(list(object({
          metric     = optional(string)
          of         = optional(string)
          where      = optional(map(string), {})
          dimensions = optional(map(string), {})
          stat       = optional(string)
          label      = optional(string)
          axis       = optional(string, "left")
          id         = optional(string)
          hidden     = optional(bool, false)
          expression = optional(string)
        })), [])
        slo        = optional(string)
        query      = optional(string)
        view       = optional(string, "table")
        severities = optional(set(string), ["page", "ticket"])
        signals    = optional(set(string))
        text       = optional(string)
      }))
    }))
  }))
  default = {}

  validation {
    condition = alltrue(flatten([
      for dashboard in var.dashboards : [
        for row in dashboard.rows : [for panel in row.panels : contains(["alarms", "budget", "graph", "logs", "number", "objective", "text"], panel.kind)]
      ]
    ]))
    error_message = "dashboards: a panel's kind must be alarms, budget, graph, logs, number, objective or text."
  }

  validation {
    condition = alltrue(flatten([
      for dashboard in var.dashboards : [
        for row in dashboard.rows : [
          for panel in row.panels : [
            for line in panel.lines : (line.expression != null) != (line.metric != null && line.of != null)
          ]
        ]
      ]
    ]))
    error_message = "dashboards: a line has either a metric with what it is `of`, or an expression over the ids of other lines."
  }

  validation {
    condition = alltrue(flatten([
      for dashboard in var.dashboards : [
        for row in dashboard.rows : [
          for panel in row.panels : [
            for line in panel.lines : contains(keys(local.panel_resources), line.of) if line.of != null
          ]
        ]
      ]
    ]))
    error_message = "dashboards: a line is `of` one of ${join(", ", keys(local.panel_resources))}."
  }

  validation {
    condition = alltrue(flatten([
      for dashboard in var.dashboards : [
        for row in dashboard.rows : sum(concat([0], [for panel in row.panels : coalesce(panel.width, 1)])) <= 24
      ]
    ]))
    error_message = "dashboards: the panels of a row share 24 columns, and their widths come to more."
  }

  validation {
    condition = alltrue([
      for dashboard in var.dashboards : length(setsubtract(dashboard.tiers, ["dev", "staging", "prod"])) == 0
    ])
    error_message = "dashboards: tiers are dev, staging and prod."
  }
}

variable "dashboard_names" {
  description = "Names of var.dashboards to make whatever their tiers say; null leaves it to the tiers, an empty set makes none."
  type        = set(string)
  default     = null

  validation {
    condition     = length(setsubtract(coalesce(var.dashboard_names, []), keys(var.dashboards))) == 0
    error_message = "dashboard_names: there is no ${join(", ", setsubtract(coalesce(var.dashboard_names, []), keys(var.dashboards)))} in dashboards (${join(", ", keys(var.dashboards))})."
  }
}

locals {
  dashboards = {
    for name, dashboard in var.dashboards : name => dashboard
    if var.dashboard_names == null ? contains(dashboard.tiers, var.tier) : contains(coalesce(var.dashboard_names, []), name)
  }
}

resource "aws_cloudwatch_dashboard" "this" {
  for_each = local.dashboards

  dashboard_name = "${local.prefix}-${each.key}"
  dashboard_body = jsonencode({
    start = each.value.start
    # The periods below hold at every zoom: an alarm's line says nothing beside sums over another period.
    periodOverride = "inherit"
    widgets        = local.widgets[each.key]
  })

  lifecycle {
    precondition {
      condition     = length(setsubtract(local.panel_queries[each.key], keys(var.queries))) == 0
      error_message = "dashboards/${each.key}.yaml shows a query dashboards/queries.yaml does not have: ${join(", ", setsubtract(local.panel_queries[each.key], keys(var.queries)))}. Add it there or correct its name."
    }

    precondition {
      condition     = length(setsubtract(local.panel_objectives[each.key], local.known_objectives)) == 0
      error_message = "dashboards/${each.key}.yaml shows an objective dashboards/slo.yaml does not have: ${join(", ", setsubtract(local.panel_objectives[each.key], local.known_objectives))}. It has ${join(", ", local.known_objectives)}."
    }

    precondition {
      condition     = length(local.ambiguous_ids[each.key]) == 0
      error_message = "dashboards/${each.key}.yaml: an id stands for one series, but these lines have several or none: ${join(", ", local.ambiguous_ids[each.key])}. Narrow the line with `where`, or take METRICS() in the expression."
    }
  }
}
