mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  namespace                          = "acme"
  stage                              = "dev"
  region                             = "eu-west-1"
  account_id                         = "111122223333"
  kms_key_arn                        = null
  force_destroy                      = false
  noncurrent_version_expiration_days = 30
}

run "buckets_have_the_names_that_roles_are_granted" {
  assert {
    condition     = output.artifacts_bucket == "acme-euwest1-dev-artifacts-111122223333" && output.receipts_bucket == "acme-euwest1-dev-receipts-111122223333"
    error_message = "Names must follow the context and end with the account id."
  }
}

run "values_s3_does_not_take_are_refused" {
  command = plan

  variables {
    noncurrent_version_expiration_days = 0
    receipts_transitions               = [{ days = 30, storage_class = "CHEAPEST" }]
    kms_key_arn                        = "alias/orders"
  }

  expect_failures = [
    var.noncurrent_version_expiration_days,
    var.receipts_transitions,
    var.kms_key_arn,
  ]
}

run "a_transition_to_infrequent_access_before_thirty_days_is_refused" {
  command = plan

  variables {
    receipts_transitions = [{ days = 29, storage_class = "STANDARD_IA" }]
  }

  expect_failures = [var.receipts_transitions]
}

run "transitions_out_of_order_are_refused" {
  command = plan

  variables {
    receipts_transitions = [{ days = 90, storage_class = "STANDARD_IA" }, { days = 60, storage_class = "GLACIER_IR" }]
  }

  expect_failures = [var.receipts_transitions]
}

run "an_expiration_after_no_days_is_refused" {
  command = plan

  variables {
    receipts_expiration_days = 0
  }

  expect_failures = [var.receipts_expiration_days]
}

run "an_expiration_before_the_last_transition_is_refused" {
  command = plan

  variables {
    receipts_transitions     = [{ days = 90, storage_class = "STANDARD_IA" }]
    receipts_expiration_days = 90
  }

  expect_failures = [var.receipts_expiration_days]
}
