mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }

  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::111122223333:policy/acme-euwest1-dev-boundary" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000" }
  }
}

variables {
  namespace       = "acme"
  stage           = "dev"
  region          = "eu-west-1"
  account_id      = "111122223333"
  kms_key_enabled = false
}

run "every_role_is_named_after_its_function_and_bounded" {
  assert {
    condition = alltrue([
      for role, resource in {
        api        = aws_iam_role.api
        processor  = aws_iam_role.processor
        scheduler  = aws_iam_role.scheduler
        authorizer = aws_iam_role.authorizer
        schedule   = aws_iam_role.schedule
      } : resource.name == "acme-euwest1-dev-${role}" && resource.permissions_boundary == aws_iam_policy.boundary.arn
    ])
    error_message = "A role has another name than its function, or no permissions boundary."
  }

  assert {
    condition     = toset(keys(output.role_arns)) == toset(["api", "processor", "scheduler", "authorizer", "schedule"])
    error_message = "role_arns must name the four functions and the schedule."
  }
}

run "no_role_gets_a_wildcard" {
  assert {
    condition = alltrue([
      for statement in concat(
        data.aws_iam_policy_document.api.statement,
        data.aws_iam_policy_document.processor.statement,
        data.aws_iam_policy_document.scheduler.statement,
        data.aws_iam_policy_document.schedule.statement,
      ) : alltrue([for text in concat(tolist(statement.actions), tolist(statement.resources)) : !strcontains(text, "*") || endswith(text, ":acme-euwest1-dev-receipts-111122223333/receipts/*")])
    ])
    error_message = "A role's own statements name exact actions on exact ARNs; only receipts end in a wildcard."
  }

  assert {
    condition = alltrue(flatten([
      for document in data.aws_iam_policy_document.runtime : [
        for statement in document.statement : statement.sid == "SendTraces" || !contains(statement.resources, "*")
      ]
    ]))
    error_message = "Only X-Ray, which knows no resources, may be allowed on everything."
  }

  assert {
    condition = alltrue(flatten([
      for document in data.aws_iam_policy_document.runtime : [
        for statement in document.statement : [for action in statement.actions : !strcontains(action, "*")]
      ]
    ]))
    error_message = "The runtime statements name exact actions."
  }
}

run "each_function_writes_its_own_log_only" {
  assert {
    condition = alltrue([
      for role, document in data.aws_iam_policy_document.runtime : one([
        for statement in document.statement : statement.resources if statement.sid == "WriteOwnLog"
      ]) == toset(["arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/acme-euwest1-dev-${role}:*"])
    ])
    error_message = "A function may write to another log than its own."
  }

  assert {
    condition = alltrue(flatten([
      for document in data.aws_iam_policy_document.runtime : [
        for statement in document.statement : !contains(statement.actions, "logs:CreateLogGroup")
      ]
    ]))
    error_message = "A function that creates log groups escapes the retention Terraform sets."
  }
}

run "functions_touch_only_what_they_work_on" {
  assert {
    condition = { for statement in data.aws_iam_policy_document.api.statement : statement.sid => statement.actions } == {
      ReadItemsAndPutProfilesAndOrders = toset(["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"])
      ListTheCatalogue                 = toset(["dynamodb:Query"])
      AnnounceOrders                   = toset(["sqs:SendMessage"])
    }
    error_message = "The api may do something else than read, put and announce."
  }

  assert {
    condition = { for statement in data.aws_iam_policy_document.processor.statement : statement.sid => statement.actions } == {
      ConsumeOrders = toset(["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"])
      ConfirmOrders = toset(["dynamodb:GetItem", "dynamodb:UpdateItem"])
      WriteReceipts = toset(["s3:PutObject"])
    }
    error_message = "The processor may do something else than consume, confirm and write receipts."
  }

  assert {
    condition = { for statement in data.aws_iam_policy_document.scheduler.statement : statement.sid => statement.resources } == {
      FindPendingOrders       = toset(["arn:aws:dynamodb:eu-west-1:111122223333:table/acme-euwest1-dev-orders/index/GSI1"])
      PostponeSentOrders      = toset(["arn:aws:dynamodb:eu-west-1:111122223333:table/acme-euwest1-dev-orders"])
      ResendOrders            = toset(["arn:aws:sqs:eu-west-1:111122223333:acme-euwest1-dev-orders"])
      ReportFailedInvocations = toset(["arn:aws:sqs:eu-west-1:111122223333:acme-euwest1-dev-failures"])
    }
    error_message = "The scheduler may reach something else than the table, its index, the orders queue and the failures queue."
  }

  assert {
    condition = { for statement in data.aws_iam_policy_document.scheduler.statement : statement.sid => statement.actions } == {
      FindPendingOrders       = toset(["dynamodb:Query"])
      PostponeSentOrders      = toset(["dynamodb:UpdateItem"])
      ResendOrders            = toset(["sqs:SendMessage"])
      ReportFailedInvocations = toset(["sqs:SendMessage"])
    }
    error_message = "The scheduler may do something else than find, postpone and send orders."
  }

  assert {
    condition = { for statement in data.aws_iam_policy_document.schedule.statement : statement.sid => statement.resources } == {
      InvokeTheReleasedScheduler  = toset(["arn:aws:lambda:eu-west-1:111122223333:function:acme-euwest1-dev-scheduler:live"])
      KeepWhatCouldNotBeDelivered = toset(["arn:aws:sqs:eu-west-1:111122223333:acme-euwest1-dev-schedule-dlq"])
    }
    error_message = "The schedule may invoke something else than the released scheduler."
  }
}

run "only_schedules_of_this_account_may_use_the_schedule_role" {
  assert {
    condition = [
      for condition in data.aws_iam_policy_document.scheduler_trust.statement[0].condition :
      [condition.test, condition.variable, condition.values]
    ] == [["StringEquals", "aws:SourceAccount", tolist(["111122223333"])]]
    error_message = "Schedules of other accounts may use the role."
  }
}

run "the_boundary_denies_identities_and_the_organisation" {
  assert {
    condition = one([
      for statement in data.aws_iam_policy_document.boundary.statement : statement.actions if statement.effect == "Deny"
    ]) == toset(["account:*", "iam:*", "organizations:*"])
    error_message = "The boundary must deny account, iam and organizations."
  }

  assert {
    condition = alltrue(flatten([
      for statement in data.aws_iam_policy_document.boundary.statement : [
        for resource in statement.resources : strcontains(resource, "acme-euwest1-dev-")
      ] if !contains(["SendTraces", "ReportRunsOfTheCanary", "NeverChangeIdentitiesOrTheOrganisation"], statement.sid)
    ]))
    error_message = "The boundary reaches past the names of its environment."
  }

  assert {
    condition = {
      for statement in data.aws_iam_policy_document.boundary.statement : one(statement.actions) => one(statement.condition).values
      if contains(statement.actions, "cloudwatch:PutMetricData")
    } == { "cloudwatch:PutMetricData" = tolist(["CloudWatchSynthetics"]) }
    error_message = "A metric has no name to hold it by: only a canary's may be reported, by their namespace."
  }
}

run "without_a_key_there_is_no_key_and_no_key_statement" {
  assert {
    condition     = length(aws_kms_key.this) == 0 && length(aws_kms_alias.this) == 0 && output.kms_key_arn == null
    error_message = "kms_key_enabled = false must create no key."
  }

  assert {
    condition = alltrue([
      for statement in concat(
        data.aws_iam_policy_document.api.statement,
        data.aws_iam_policy_document.boundary.statement,
        data.aws_iam_policy_document.runtime["api"].statement,
      ) : alltrue([for action in statement.actions : !startswith(action, "kms:")])
    ])
    error_message = "A key permission without a key."
  }
}

run "with_a_key_it_rotates_and_roles_use_it_through_services_only" {
  variables {
    kms_key_enabled          = true
    kms_deletion_window_days = 7
  }

  assert {
    condition     = aws_kms_key.this[0].enable_key_rotation && aws_kms_key.this[0].deletion_window_in_days == 7
    error_message = "The key must rotate and wait as long as asked before it is deleted."
  }

  assert {
    condition     = aws_kms_alias.this[0].name == "alias/acme-euwest1-dev" && output.kms_key_arn == aws_kms_key.this[0].arn
    error_message = "The key must be found by its alias and its output."
  }

  assert {
    condition = alltrue([
      for statement in concat(
        data.aws_iam_policy_document.api.statement,
        data.aws_iam_policy_document.processor.statement,
        data.aws_iam_policy_document.scheduler.statement,
        data.aws_iam_policy_document.schedule.statement,
        data.aws_iam_policy_document.runtime["authorizer"].statement,
      ) : statement.resources == toset([aws_kms_key.this[0].arn]) && length(statement.condition) == 1
      if anytrue([for action in statement.actions : startswith(action, "kms:")])
    ])
    error_message = "A role may use another key, or use the key directly."
  }

  assert {
    condition = length([
      for statement in data.aws_iam_policy_document.processor.statement : statement
      if contains(statement.actions, "kms:GenerateDataKey")
    ]) == 1
    error_message = "The processor cannot encrypt receipts."
  }

  assert {
    condition = alltrue([
      for role, document in data.aws_iam_policy_document.runtime : one([
        for statement in document.statement : [
          for condition in statement.condition : [condition.test, condition.variable, condition.values]
        ] if statement.sid == "DecryptOwnEnvironmentVariables"
        ]) == [[
        "StringLike",
        "kms:EncryptionContext:aws:lambda:FunctionArn",
        tolist([
          "arn:aws:lambda:eu-west-1:111122223333:function:acme-euwest1-dev-${role}",
          "arn:aws:lambda:eu-west-1:111122223333:function:acme-euwest1-dev-${role}:*",
        ]),
      ]]
    ])
    error_message = "A function must decrypt its own environment, as $LATEST and as a published version, and no other's."
  }

  assert {
    condition = {
      for statement in data.aws_iam_policy_document.key[0].statement :
      one(one(statement.principals).identifiers) => { (one(statement.condition).variable) = one(statement.condition).values }
      } == {
      "arn:aws:iam::111122223333:root" = { "aws:PrincipalAccount" = tolist(["111122223333"]) }
      "logs.eu-west-1.amazonaws.com" = {
        "kms:EncryptionContext:aws:logs:arn" = tolist([
          "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/acme-euwest1-dev-*",
          "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/apigateway/acme-euwest1-dev",
        ])
      }
      "cloudwatch.amazonaws.com" = { "aws:SourceArn" = tolist(["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:acme-euwest1-dev-*"]) }
      "budgets.amazonaws.com"    = { "aws:SourceArn" = tolist(["arn:aws:budgets::111122223333:*"]) }
    }
    error_message = "The key policy must let in the account, its log groups, its alarms and its budget, and nobody else."
  }
}

run "a_deletion_window_aws_does_not_offer_is_refused" {
  command = plan

  variables {
    kms_deletion_window_days = 5
  }

  expect_failures = [var.kms_deletion_window_days]
}

run "an_account_id_that_lost_its_zeros_is_refused" {
  command = plan

  variables {
    account_id = "12345"
  }

  expect_failures = [var.account_id]
}

run "a_stage_that_would_break_names_is_refused" {
  command = plan

  variables {
    stage = "Dev_1"
  }

  expect_failures = [var.stage]
}
