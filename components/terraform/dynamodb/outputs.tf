output "table_name" {
  description = "Name of the table."
  value       = aws_dynamodb_table.this.name
}

output "table_arn" {
  description = "ARN of the table. Its index is at <table_arn>/index/GSI1."
  value       = aws_dynamodb_table.this.arn
}

output "stream_arn" {
  description = "ARN of the table's change stream; another one each time the stream is switched on anew."
  value       = aws_dynamodb_table.this.stream_arn
}

output "tables" {
  description = "The tables by key as observability watches them, each with the names of its indexes. Computed from the values, so that a plan knows it before the tables exist."
  value = {
    orders = {
      name           = local.names.table
      indexes        = ["GSI1"]
      stream_enabled = true
    }
  }
}
