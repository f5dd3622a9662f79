# Two buckets with one standard of safety (modules/bucket); they differ in how long they keep what.

# Function packages. The key of a package is the digest of its content: the current version of an object never changes and is
# kept, because a release can go back to any of them.
module "artifacts" {
  source = "./modules/bucket"

  name                               = local.names.artifacts_bucket
  kms_key_arn                        = var.kms_key_arn
  tls_only                           = var.tls_only
  force_destroy                      = var.force_destroy
  noncurrent_version_expiration_days = var.noncurrent_version_expiration_days
}

# One receipt per confirmed order, written by the processor.
module "receipts" {
  source = "./modules/bucket"

  name                               = local.names.receipts_bucket
  kms_key_arn                        = var.kms_key_arn
  tls_only                           = var.tls_only
  force_destroy                      = var.force_destroy
  noncurrent_version_expiration_days = var.noncurrent_version_expiration_days
  transitions                        = var.receipts_transitions
  expiration_days                    = var.receipts_expiration_days
}
