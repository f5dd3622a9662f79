# What the stage may cost a month, and who is told before it does.

variable "monthly_budget_usd" {
  description = "What the stage may cost a month, in USD: 20, 100 or 500 for the tiers 1M, 10M and 100M of settings.blueprint.tier. Null: no budget. A budget only tells; it stops nothing. Two budgets an account are free."
  type        = number
  default     = null

  validation {
    condition     = var.monthly_budget_usd == null ? true : var.monthly_budget_usd >= 1
    error_message = "monthly_budget_usd must be at least 1, or null for no budget."
  }
}

variable "budget_scope" {
  description = <<-EOT
    What the budget counts. `account`: the whole bill, right where an account holds one stage, as the blueprint's do; then one
    stack of the account sets monthly_budget_usd. `stage`: what carries the tag stage, for an account with several. That needs the
    tag activated as a cost allocation tag (Billing console of the paying account, a day before it counts): until then such a budget
    reads 0 USD. What carries no tag, such as CloudWatch's requests, is never in it.
  EOT
  type        = string
  default     = "account"

  validation {
    condition     = contains(["account", "stage"], var.budget_scope)
    error_message = "budget_scope must be account or stage."
  }
}

variable "budget_emails" {
  description = "Addresses the budget writes to besides the ticket topic, such as whoever pays; no confirmation is asked for. At most 10."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.budget_emails) <= 10 && alltrue([for address in var.budget_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "budget_emails must be at most 10 e-mail addresses."
  }
}

locals {
  # Spent: there is still time to look. Forecast: there is time to change something.
  budget_notifications = { ACTUAL = 80, FORECASTED = 100 }
}

resource "aws_budgets_budget" "month" {
  count = var.monthly_budget_usd == null ? 0 : 1

  name         = "${local.prefix}-month"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = tostring(var.monthly_budget_usd)
  limit_unit   = "USD"

  cost_types {
    # Credits and refunds would hide what runs away until they are used up.
    include_credit = false
    include_refund = false
  }

  dynamic "cost_filter" {
    for_each = var.budget_scope == "stage" ? [var.stage] : []

    content {
      name   = "TagKeyValue"
      values = [format("user:stage$%s", cost_filter.value)]
    }
  }

  dynamic "notification" {
    for_each = local.budget_notifications

    content {
      notification_type          = notification.key
      comparison_operator        = "GREATER_THAN"
      threshold                  = notification.value
      threshold_type             = "PERCENTAGE"
      subscriber_sns_topic_arns  = [local.topic_arns.ticket]
      subscriber_email_addresses = var.budget_emails
    }
  }

  # Budgets checks that it may publish when it is made.
  depends_on = [aws_sns_topic_policy.this]
}
