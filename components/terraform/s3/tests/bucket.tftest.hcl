# What both buckets have in common: the local module on its own.

mock_provider "aws" {
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::orders" }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{}" }
  }
}

variables {
  name                               = "orders"
  kms_key_arn                        = null
  tls_only                           = true
  force_destroy                      = false
  noncurrent_version_expiration_days = 30
}

run "a_bucket_is_private_whatever_acl_or_policy_says" {
  module {
    source = "./modules/bucket"
  }

  assert {
    condition = alltrue([
      aws_s3_bucket_public_access_block.this.block_public_acls,
      aws_s3_bucket_public_access_block.this.block_public_policy,
      aws_s3_bucket_public_access_block.this.ignore_public_acls,
      aws_s3_bucket_public_access_block.this.restrict_public_buckets,
    ])
    error_message = "All four switches must be on."
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "ACLs must be off."
  }
}

run "a_bucket_keeps_versions_and_survives_a_destroy" {
  module {
    source = "./modules/bucket"
  }

  assert {
    condition     = aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled" && !aws_s3_bucket.this.force_destroy
    error_message = "Objects must survive being overwritten, and the bucket a destroy."
  }
}

run "a_bucket_is_encrypted_by_s3_without_a_key" {
  module {
    source = "./modules/bucket"
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule :
      rule.apply_server_side_encryption_by_default[0].sse_algorithm == "AES256" && !rule.bucket_key_enabled
    ])
    error_message = "Without a key S3 encrypts with its own."
  }
}

run "a_bucket_is_encrypted_with_the_key_given" {
  variables {
    kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"
  }

  module {
    source = "./modules/bucket"
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule :
      rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms" &&
      rule.apply_server_side_encryption_by_default[0].kms_master_key_id == var.kms_key_arn &&
      rule.bucket_key_enabled
    ])
    error_message = "With a key, objects are encrypted with it, through a bucket key."
  }
}

run "requests_without_tls_are_refused" {
  module {
    source = "./modules/bucket"
  }

  assert {
    condition     = length(aws_s3_bucket_policy.tls_only) == 1 && data.aws_iam_policy_document.tls_only.statement[0].effect == "Deny"
    error_message = "The bucket must carry the TLS-only policy."
  }

  assert {
    condition     = data.aws_iam_policy_document.tls_only.statement[0].resources == toset([aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"])
    error_message = "The policy must cover the bucket and its objects."
  }

  assert {
    condition = [
      for condition in data.aws_iam_policy_document.tls_only.statement[0].condition : [condition.test, condition.variable, condition.values]
    ] == [["Bool", "aws:SecureTransport", tolist(["false"])]]
    error_message = "The policy must deny what does not come over TLS."
  }
}

run "an_endpoint_without_tls_stays_usable" {
  variables {
    tls_only = false
  }

  module {
    source = "./modules/bucket"
  }

  assert {
    condition     = length(aws_s3_bucket_policy.tls_only) == 0
    error_message = "tls_only = false must leave the bucket without the policy."
  }
}

run "objects_that_never_age_are_only_tidied_up" {
  module {
    source = "./modules/bucket"
  }

  assert {
    condition = [for rule in aws_s3_bucket_lifecycle_configuration.this.rule : rule.id] == [
      "abort-incomplete-uploads", "expire-noncurrent-versions",
    ]
    error_message = "Current objects must not expire or move unless asked for."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[1].noncurrent_version_expiration[0].noncurrent_days == 30
    error_message = "Old versions must expire after the days given."
  }
}

run "objects_age_as_asked" {
  variables {
    transitions     = [{ days = 30, storage_class = "STANDARD_IA" }, { days = 180, storage_class = "GLACIER_IR" }]
    expiration_days = 3650
  }

  module {
    source = "./modules/bucket"
  }

  assert {
    condition = toset([
      for transition in aws_s3_bucket_lifecycle_configuration.this.rule[2].transition : "${transition.days} ${transition.storage_class}"
    ]) == toset(["30 STANDARD_IA", "180 GLACIER_IR"])
    error_message = "The transitions must reach the lifecycle rule."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[2].expiration[0].days == 3650
    error_message = "The expiration must reach the lifecycle rule."
  }
}
