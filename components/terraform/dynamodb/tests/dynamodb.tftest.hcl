mock_provider "aws" {}

variables {
  namespace                   = "acme"
  stage                       = "dev"
  region                      = "eu-west-1"
  account_id                  = "111122223333"
  kms_key_arn                 = null
  point_in_time_recovery_days = 7
  deletion_protection_enabled = true
}

run "the_table_has_the_keys_the_services_use" {
  command = plan

  assert {
    condition     = aws_dynamodb_table.this.name == "acme-euwest1-dev-orders"
    error_message = "The roles are granted access to <prefix>-orders."
  }

  assert {
    condition     = aws_dynamodb_table.this.hash_key == "PK" && aws_dynamodb_table.this.range_key == "SK"
    error_message = "The primary key is PK, SK."
  }

  assert {
    condition = [
      for index in aws_dynamodb_table.this.global_secondary_index :
      [index.name, index.hash_key, index.range_key, index.projection_type]
    ] == [["GSI1", "GSI1PK", "GSI1SK", "ALL"]]
    error_message = "The index is GSI1 on GSI1PK, GSI1SK with every attribute."
  }

  assert {
    condition     = aws_dynamodb_table.this.ttl[0].enabled && aws_dynamodb_table.this.ttl[0].attribute_name == "expires_at"
    error_message = "Idempotency records expire by expires_at."
  }

  assert {
    condition     = aws_dynamodb_table.this.stream_enabled && aws_dynamodb_table.this.stream_view_type == "NEW_AND_OLD_IMAGES"
    error_message = "The stream carries new and old images."
  }
}

run "data_is_protected_as_the_stack_says" {
  command = plan

  assert {
    condition     = aws_dynamodb_table.this.deletion_protection_enabled
    error_message = "deletion_protection_enabled must reach the table."
  }

  assert {
    condition     = aws_dynamodb_table.this.point_in_time_recovery[0].enabled && aws_dynamodb_table.this.point_in_time_recovery[0].recovery_period_in_days == 7
    error_message = "The table must be recoverable for as many days as asked."
  }
}

run "recovery_can_be_switched_off" {
  command = plan

  variables {
    point_in_time_recovery_days = 0
  }

  assert {
    condition     = !aws_dynamodb_table.this.point_in_time_recovery[0].enabled
    error_message = "0 days means no recovery."
  }
}

run "without_a_key_aws_owns_the_key_and_nothing_limits_requests" {
  command = plan

  assert {
    condition     = length(aws_dynamodb_table.this.server_side_encryption) == 0
    error_message = "Without a key the block would choose the AWS managed key, which is billed."
  }

  assert {
    condition     = aws_dynamodb_table.this.billing_mode == "PAY_PER_REQUEST" && length(aws_dynamodb_table.this.on_demand_throughput) == 0
    error_message = "The table must be on demand, without a limit unless one is asked for."
  }
}

run "a_key_and_limits_reach_the_table" {
  command = plan

  variables {
    kms_key_arn             = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"
    max_read_request_units  = 1000
    max_write_request_units = 500
    table_class             = "STANDARD_INFREQUENT_ACCESS"
  }

  assert {
    condition     = aws_dynamodb_table.this.server_side_encryption[0].enabled && aws_dynamodb_table.this.server_side_encryption[0].kms_key_arn == var.kms_key_arn
    error_message = "The table must be encrypted with the key given."
  }

  assert {
    condition     = aws_dynamodb_table.this.on_demand_throughput[0].max_read_request_units == 1000 && aws_dynamodb_table.this.on_demand_throughput[0].max_write_request_units == 500
    error_message = "The limits must reach the table."
  }

  assert {
    condition     = alltrue([for index in aws_dynamodb_table.this.global_secondary_index : index.on_demand_throughput[0].max_write_request_units == 500])
    error_message = "The limits must reach the index, or it alone is without a brake."
  }

  assert {
    condition     = aws_dynamodb_table.this.table_class == "STANDARD_INFREQUENT_ACCESS"
    error_message = "The table class must reach the table."
  }
}

run "a_limit_can_be_taken_away_again" {
  command = plan

  variables {
    max_write_request_units = -1
  }

  assert {
    condition     = aws_dynamodb_table.this.on_demand_throughput[0].max_write_request_units == -1
    error_message = "-1 must reach the table: DynamoDB keeps a limit that is merely no longer mentioned."
  }
}

run "values_dynamodb_does_not_take_are_refused" {
  command = plan

  variables {
    point_in_time_recovery_days = 36
    max_read_request_units      = 0
    max_write_request_units     = 1.5
    table_class                 = "GLACIER"
    kms_key_arn                 = "arn:aws:kms:eu-west-1:111122223333:alias/orders"
  }

  expect_failures = [
    var.point_in_time_recovery_days,
    var.max_read_request_units,
    var.max_write_request_units,
    var.table_class,
    var.kms_key_arn,
  ]
}

run "a_key_of_another_region_is_refused" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000"
  }

  expect_failures = [var.kms_key_arn]
}

run "tables_report_what_observability_watches" {
  command = plan

  assert {
    condition     = output.tables.orders.indexes == [for index in aws_dynamodb_table.this.global_secondary_index : index.name] && output.tables.orders.name == aws_dynamodb_table.this.name
    error_message = "Every index must be reported: it is throttled on its own."
  }
}
