# Every name follows from the context, so access is granted to exact ARNs although the things themselves are created later.

data "aws_partition" "current" {}

locals {
  partition   = data.aws_partition.current.partition
  own_account = "${var.region}:${var.account_id}"

  functions = toset(["api", "processor", "scheduler", "authorizer"])

  table_arn = "arn:${local.partition}:dynamodb:${local.own_account}:table/${local.names.table}"

  arns = {
    table           = local.table_arn
    index           = "${local.table_arn}/index/GSI1"
    orders_queue    = "arn:${local.partition}:sqs:${local.own_account}:${local.names.orders_queue}"
    schedule_dlq    = "arn:${local.partition}:sqs:${local.own_account}:${local.names.schedule_dlq}"
    failures_queue  = "arn:${local.partition}:sqs:${local.own_account}:${local.names.failures_queue}"
    receipts        = "arn:${local.partition}:s3:::${local.names.receipts_bucket}/receipts/*"
    scheduler_alias = "arn:${local.partition}:lambda:${local.own_account}:function:${local.prefix}-scheduler:live"
    schedule        = "arn:${local.partition}:scheduler:${local.own_account}:schedule/*/${local.names.schedule}"
  }
}
