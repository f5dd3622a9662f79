# Where alarms go: a topic for what must be looked at now and one for what can wait for working hours, and who hears of each.

variable "alarm_emails" {
  description = "Addresses that receive pages, and tickets unless ticket_emails names others; each must confirm the mail AWS sends first. Empty: the topics exist, nobody hears."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for address in var.alarm_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "alarm_emails must be e-mail addresses."
  }
}

variable "ticket_emails" {
  description = "Addresses that receive tickets, such as that of an issue tracker; null sends them to alarm_emails."
  type        = set(string)
  default     = null

  validation {
    condition     = var.ticket_emails == null ? true : alltrue([for address in var.ticket_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "ticket_emails must be e-mail addresses."
  }
}

variable "page_endpoints" {
  description = "HTTPS endpoints that receive pages, such as an on-call service's; each must confirm the subscription, as those services do by themselves. A URL that holds a key is a secret: it is in the state and in plans."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for url in var.page_endpoints : can(regex("^https://[^\\s/]+(/\\S*)?$", url))])
    error_message = "page_endpoints must be https URLs: a page must not travel in clear text."
  }
}

variable "ticket_endpoints" {
  description = "HTTPS endpoints that receive tickets; see page_endpoints."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for url in var.ticket_endpoints : can(regex("^https://[^\\s/]+(/\\S*)?$", url))])
    error_message = "ticket_endpoints must be https URLs: an alarm must not travel in clear text."
  }
}

variable "chat" {
  description = <<-EOT
    A Slack channel that shows pages and tickets (Amazon Q Developer in chat applications, formerly AWS Chatbot); null for none.
    The workspace must have been authorised in its console once. `role_arn` is the role it draws graphs with, which must trust
    chatbot.amazonaws.com; what the channel may do is limited to reading CloudWatch, whatever the role allows.
  EOT
  type = object({
    workspace_id = string
    channel_id   = string
    role_arn     = string
  })
  default = null

  validation {
    condition     = var.chat == null ? true : can(regex("^[TE][A-Z0-9]{8,254}$", var.chat.workspace_id))
    error_message = "chat: workspace_id must be a Slack workspace's ID, such as T012AB3CD (its name will not do)."
  }

  validation {
    condition     = var.chat == null ? true : can(regex("^[CG][A-Z0-9]{8,254}$", var.chat.channel_id))
    error_message = "chat: channel_id must be a Slack channel's ID, such as C012AB3CD: the end of the link Slack copies for the channel."
  }

  validation {
    condition     = var.chat == null ? true : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/.+$", var.chat.role_arn))
    error_message = "chat: role_arn must be the ARN of an IAM role."
  }
}

data "aws_partition" "current" {}

locals {
  partition = data.aws_partition.current.partition

  # Who publishes: alarms everywhere, the budget (budget.tf) where it can wait.
  publishers = {
    page = { cloudwatch = "arn:${local.partition}:cloudwatch:${var.region}:${var.account_id}:alarm:${local.prefix}-*" }
    ticket = {
      cloudwatch = "arn:${local.partition}:cloudwatch:${var.region}:${var.account_id}:alarm:${local.prefix}-*"
      budgets    = "arn:${local.partition}:budgets::${var.account_id}:*"
    }
  }

  subscriptions = merge(flatten([
    for severity, by_protocol in {
      page   = { email = var.alarm_emails, https = var.page_endpoints }
      ticket = { email = var.ticket_emails == null ? var.alarm_emails : var.ticket_emails, https = var.ticket_endpoints }
      } : [
      for protocol, endpoints in by_protocol : {
        for endpoint in endpoints : "${severity}/${endpoint}" => { severity = severity, protocol = protocol, endpoint = endpoint }
      }
    ]
  ])...)

  # Computed, so that a plan says whom an alarm tells before there is a topic.
  topic_arns = { for severity in keys(local.publishers) : severity => "arn:${local.partition}:sns:${var.region}:${var.account_id}:${local.prefix}-${severity}" }
}

resource "aws_sns_topic" "this" {
  for_each = local.publishers

  name              = "${local.prefix}-${each.key}"
  kms_master_key_id = var.kms_key_arn
}

data "aws_iam_policy_document" "topic" {
  for_each = local.publishers

  dynamic "statement" {
    for_each = each.value

    content {
      sid       = "LetThisStacks${title(statement.key)}Publish"
      actions   = ["sns:Publish"]
      resources = [aws_sns_topic.this[each.key].arn]

      principals {
        type        = "Service"
        identifiers = ["${statement.key}.amazonaws.com"]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [var.account_id]
      }

      condition {
        test     = "ArnLike"
        variable = "aws:SourceArn"
        values   = [statement.value]
      }
    }
  }

  statement {
    sid       = "NobodyPublishesInClearText"
    effect    = "Deny"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.this[each.key].arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sns_topic_policy" "this" {
  for_each = local.publishers

  arn    = aws_sns_topic.this[each.key].arn
  policy = data.aws_iam_policy_document.topic[each.key].json
}

resource "aws_sns_topic_subscription" "this" {
  for_each = local.subscriptions

  topic_arn = aws_sns_topic.this[each.value.severity].arn
  protocol  = each.value.protocol
  endpoint  = each.value.endpoint
}

resource "aws_chatbot_slack_channel_configuration" "this" {
  count = var.chat == null ? 0 : 1

  configuration_name    = local.prefix
  slack_team_id         = var.chat.workspace_id
  slack_channel_id      = var.chat.channel_id
  iam_role_arn          = var.chat.role_arn
  sns_topic_arns        = values(aws_sns_topic.this)[*].arn
  guardrail_policy_arns = ["arn:${local.partition}:iam::aws:policy/CloudWatchReadOnlyAccess"]
}
