# Who hears of alarms, and who may speak.

mock_provider "aws" {
  # Not "aws", so that an ARN with a partition of its own shows.
  mock_data "aws_partition" {
    defaults = { partition = "aws-cn" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  namespace  = "acme"
  stage      = "test"
  region     = "us-east-1"
  account_id = "111122223333"

  tier               = "prod"
  tiers              = yamldecode(file("../../../dashboards/alarms.yaml")).tiers
  signals            = yamldecode(file("../../../dashboards/alarms.yaml")).signals
  slo                = yamldecode(file("../../../dashboards/slo.yaml"))
  runbook_url_prefix = "https://example.com/runbooks"

  functions = {
    api       = { name = "acme-useast1-test-api", timeout_seconds = 25, memory_mb = 512, invoked_by = "api", log_group_name = "/aws/lambda/acme-useast1-test-api" }
    processor = { name = "acme-useast1-test-processor", timeout_seconds = 30, memory_mb = 512, invoked_by = "queue", log_group_name = "/aws/lambda/acme-useast1-test-processor" }
    scheduler = { name = "acme-useast1-test-scheduler", timeout_seconds = 60, memory_mb = 256, invoked_by = "schedule", failure_destination = true, log_group_name = "/aws/lambda/acme-useast1-test-scheduler" }
  }
  queues = {
    orders     = { name = "acme-useast1-test-orders", kind = "work", retention_seconds = 345600, consumer = "processor", visibility_timeout_seconds = 180 }
    orders-dlq = { name = "acme-useast1-test-orders-dlq", kind = "dead_letter", retention_seconds = 1209600, visibility_timeout_seconds = 30 }
  }
  tables    = { orders = { name = "acme-useast1-test-orders", indexes = ["GSI1"] } }
  schedules = { resend-orders = { name = "acme-useast1-test-resend-orders", group = "default", function = "scheduler", period_seconds = 300 } }
  api = {
    type                   = "http"
    id                     = "abc123"
    name                   = "acme-useast1-test-api"
    stage                  = "$default"
    integration_timeout_ms = 30000
    access_log_group_name  = "/aws/apigateway/acme-useast1-test"
  }
  user_pools = { users = { id = "us-east-1_abc", clients = { people = "client" } } }
}

run "topics_are_encrypted_where_the_stage_gives_a_key" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/1"
  }

  assert {
    condition = (
      { for severity, topic in aws_sns_topic.this : severity => topic.name } == { page = "acme-useast1-test-page", ticket = "acme-useast1-test-ticket" } &&
      alltrue([for topic in aws_sns_topic.this : topic.kms_master_key_id == var.kms_key_arn])
    )
    error_message = "both topics must be encrypted with the key the stage gives"
  }
}

run "topics_take_messages_from_this_stack_s_alarms_only" {
  command = plan

  assert {
    condition = alltrue([
      for severity in ["page", "ticket"] : contains([
        for statement in data.aws_iam_policy_document.topic[severity].statement :
        join(" ", concat(flatten(statement.principals[*].identifiers), sort([for c in statement.condition : "${c.variable}=${join(",", c.values)}"])))
      ], "cloudwatch.amazonaws.com aws:SourceAccount=111122223333 aws:SourceArn=arn:aws-cn:cloudwatch:us-east-1:111122223333:alarm:acme-useast1-test-*")
    ])
    error_message = "only CloudWatch may publish, and only for this stack's alarms in this account and partition"
  }

  assert {
    condition = alltrue([
      for severity in ["page", "ticket"] : contains([
        for statement in data.aws_iam_policy_document.topic[severity].statement :
        "${coalesce(statement.effect, "Allow")} ${join(",", flatten(statement.condition[*].variable))}"
      ], "Deny aws:SecureTransport")
    ])
    error_message = "nobody may publish in clear text"
  }

  assert {
    condition = {
      for severity in ["page", "ticket"] : severity => join(" ", sort(flatten([
        for statement in data.aws_iam_policy_document.topic[severity].statement : statement.principals[*].identifiers
      ])))
      } == {
      page   = "* cloudwatch.amazonaws.com"
      ticket = "* budgets.amazonaws.com cloudwatch.amazonaws.com"
    }
    error_message = "the budget may write tickets and no pages"
  }
}

run "pages_and_tickets_reach_who_is_named" {
  command = plan

  variables {
    alarm_emails   = ["oncall@example.com"]
    page_endpoints = ["https://events.example.com/integration/1"]
  }

  assert {
    condition = { for key, subscription in aws_sns_topic_subscription.this : key => subscription.protocol } == {
      "page/oncall@example.com"                       = "email"
      "page/https://events.example.com/integration/1" = "https"
      "ticket/oncall@example.com"                     = "email"
    }
    error_message = "tickets must go to alarm_emails where nobody else is named"
  }
}

run "tickets_can_go_elsewhere" {
  command = plan

  variables {
    alarm_emails     = ["oncall@example.com"]
    ticket_emails    = []
    ticket_endpoints = ["https://tracker.example.com/hook"]
  }

  assert {
    condition     = toset(keys(aws_sns_topic_subscription.this)) == toset(["page/oncall@example.com", "ticket/https://tracker.example.com/hook"])
    error_message = "an empty list must keep tickets out of the mail"
  }
}

run "chat_is_off_unless_a_channel_is_named" {
  command = plan

  assert {
    condition     = length(aws_chatbot_slack_channel_configuration.this) == 0
    error_message = "nobody authorised a workspace"
  }
}

run "chat_may_read_cloudwatch_and_do_nothing_else" {
  command = plan

  variables {
    chat = { workspace_id = "T012AB3CD", channel_id = "C012AB3CD", role_arn = "arn:aws:iam::111122223333:role/chat" }
  }

  assert {
    condition     = aws_chatbot_slack_channel_configuration.this[0].guardrail_policy_arns == tolist(["arn:aws-cn:iam::aws:policy/CloudWatchReadOnlyAccess"])
    error_message = "whatever the role allows, the channel must be held to reading"
  }
}

run "refuses_recipients_that_cannot_be_reached" {
  command         = plan
  expect_failures = [var.alarm_emails, var.ticket_emails, var.page_endpoints, var.ticket_endpoints]

  variables {
    alarm_emails     = ["oncall"]
    ticket_emails    = ["tracker"]
    page_endpoints   = ["http://events.example.com"]
    ticket_endpoints = ["tracker.example.com"]
  }
}

run "refuses_a_channel_by_its_name" {
  command         = plan
  expect_failures = [var.chat]

  variables {
    chat = { workspace_id = "acme", channel_id = "#alarms", role_arn = "chat" }
  }
}
