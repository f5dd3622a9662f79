# The single table. Attribute names are the contract with the services; only what is a key is declared, DynamoDB has no schema
# for the rest.

locals {
  # A block that sets nothing would still be sent to AWS, so it appears only when a limit is given.
  on_demand_limits = var.max_read_request_units == null && var.max_write_request_units == null ? [] : [{
    read  = var.max_read_request_units
    write = var.max_write_request_units
  }]
}

resource "aws_dynamodb_table" "this" {
  name                        = local.names.table
  billing_mode                = "PAY_PER_REQUEST"
  table_class                 = var.table_class
  deletion_protection_enabled = var.deletion_protection_enabled
  hash_key                    = "PK"
  range_key                   = "SK"
  stream_enabled              = true
  stream_view_type            = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "PK"
    type = "S"
  }

  attribute {
    name = "SK"
    type = "S"
  }

  attribute {
    name = "GSI1PK"
    type = "S"
  }

  attribute {
    name = "GSI1SK"
    type = "S"
  }

  global_secondary_index {
    name            = "GSI1"
    hash_key        = "GSI1PK"
    range_key       = "GSI1SK"
    projection_type = "ALL"

    # An index with a lower limit than its table would throttle the table's writes.
    dynamic "on_demand_throughput" {
      for_each = local.on_demand_limits

      content {
        max_read_request_units  = on_demand_throughput.value.read
        max_write_request_units = on_demand_throughput.value.write
      }
    }
  }

  dynamic "on_demand_throughput" {
    for_each = local.on_demand_limits

    content {
      max_read_request_units  = on_demand_throughput.value.read
      max_write_request_units = on_demand_throughput.value.write
    }
  }

  ttl {
    enabled        = true
    attribute_name = "expires_at"
  }

  point_in_time_recovery {
    enabled                 = var.point_in_time_recovery_days > 0
    recovery_period_in_days = var.point_in_time_recovery_days > 0 ? var.point_in_time_recovery_days : null
  }

  # Left out, the table is encrypted all the same, with a key that AWS owns. `enabled` without a key would mean the key AWS manages
  # in this account, which is neither free nor ours.
  dynamic "server_side_encryption" {
    for_each = var.kms_key_arn[*]

    content {
      enabled     = true
      kms_key_arn = server_side_encryption.value
    }
  }
}
