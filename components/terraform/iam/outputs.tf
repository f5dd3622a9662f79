output "role_arns" {
  description = "Role ARN by role: the functions api, processor, scheduler and authorizer, and schedule (EventBridge Scheduler)."
  value = {
    api        = aws_iam_role.api.arn
    processor  = aws_iam_role.processor.arn
    scheduler  = aws_iam_role.scheduler.arn
    authorizer = aws_iam_role.authorizer.arn
    schedule   = aws_iam_role.schedule.arn
  }
}

output "permissions_boundary_arn" {
  description = "Policy that any further role of the environment must carry as its permissions boundary."
  value       = aws_iam_policy.boundary.arn
}

output "kms_key_arn" {
  description = "Key that encrypts the environment's data; null where the stack asks for none."
  value       = one(aws_kms_key.this[*].arn)
}
