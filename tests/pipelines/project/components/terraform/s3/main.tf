variable "force_destroy" {
  description = "Whether the bucket may be destroyed with what is in it."
  type        = bool
}

resource "aws_s3_bucket" "artifacts" {
  bucket        = local.names.artifacts_bucket
  force_destroy = var.force_destroy
}

resource "aws_s3_bucket_versioning" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "artifacts" {
  bucket                  = aws_s3_bucket.artifacts.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

output "artifacts_bucket" {
  description = "Bucket of the function packages."
  value       = aws_s3_bucket.artifacts.id
}
