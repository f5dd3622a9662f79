variable "display_name" {
  description = "What readers of a notice see as its sender."
  type        = string
}

resource "aws_sns_topic" "this" {
  name              = "${local.prefix}-notices"
  display_name      = var.display_name
  kms_master_key_id = "alias/aws/sns"
}

output "topic_arn" {
  description = "ARN of the topic."
  value       = aws_sns_topic.this.arn
}
