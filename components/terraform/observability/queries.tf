# The saved Logs Insights queries, in the console's folder of this stack. Saving is free; running one costs 0.005 USD a GB it scans.

variable "queries" {
  description = <<-EOT
    The saved queries by name: `queries` of dashboards/queries.yaml, whose schema describes every field. A query reads the log groups
    of the functions with these roles, of all `functions`, or of the API's `access` log.
  EOT
  type = map(object({
    title      = string
    purpose    = string
    log_groups = set(string)
    query      = string
  }))
  default = {}

  validation {
    condition     = alltrue([for query in var.queries : length(query.log_groups) > 0 && length(query.query) <= 10000])
    error_message = "queries: a query reads at least one log group and has at most the 10,000 characters CloudWatch takes."
  }
}

variable "queries_enabled" {
  description = "Save the queries. false only where logs:PutQueryDefinition is missing, as on the embedded AWS; panels show their queries either way."
  type        = bool
  default     = true
}

locals {
  # A role the stack does not have has no log group: the query reads the others.
  query_log_groups = {
    for name, query in var.queries : name => sort(distinct(concat(
      [for role, function in var.functions : function.log_group_name if length(setintersection(query.log_groups, ["functions", role])) > 0],
      [for api in values(local.resources.api) : api.access_log_group_name if contains(query.log_groups, "access")],
    )))
  }
}

resource "aws_cloudwatch_query_definition" "this" {
  for_each = { for name, query in var.queries : name => query if var.queries_enabled && length(local.query_log_groups[name]) > 0 }

  name            = "${local.prefix}/${each.key}"
  log_group_names = local.query_log_groups[each.key]
  query_string    = trimspace(each.value.query)
}
