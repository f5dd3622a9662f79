output "name" {
  description = "Name of the bucket, once everything that protects it is in place."
  value       = aws_s3_bucket.this.bucket

  # Nobody shall write to a bucket that is not encrypted, private and versioned yet.
  depends_on = [
    aws_s3_bucket_ownership_controls.this,
    aws_s3_bucket_policy.tls_only,
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_versioning.this,
  ]
}

output "arn" {
  description = "ARN of the bucket."
  value       = aws_s3_bucket.this.arn
}
