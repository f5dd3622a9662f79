output "artifacts_bucket" {
  description = "Bucket of the function packages."
  value       = module.artifacts.name
}

output "artifacts_bucket_arn" {
  description = "ARN of the bucket of the function packages."
  value       = module.artifacts.arn
}

output "receipts_bucket" {
  description = "Bucket of the receipts."
  value       = module.receipts.name
}

output "receipts_bucket_arn" {
  description = "ARN of the bucket of the receipts."
  value       = module.receipts.arn
}
