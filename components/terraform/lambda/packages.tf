# Where a function's code comes from. `blueprint package` builds the zips and writes the manifest before the plan; Terraform
# reads both and builds nothing, so a plan shows the digest it would deploy.

variable "package_manifest" {
  description = "Path of the manifest `blueprint package` writes, absolute or relative to this component."
  type        = string
  default     = "../../../build/packages.json"
}

variable "artifacts_bucket" {
  description = "Name of the bucket that holds the packages. An apply stops before the first function when a package is not in it."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.artifacts_bucket))
    error_message = "artifacts_bucket must be the name of an S3 bucket, not its ARN or URL."
  }
}

locals {
  manifest_path  = startswith(var.package_manifest, "/") ? var.package_manifest : "${path.root}/${var.package_manifest}"
  manifest       = jsondecode(fileexists(local.manifest_path) ? file(local.manifest_path) : "{}")
  packages       = try(local.manifest.packages, {})
  package_remedy = "Run `blueprint package --upload -s ${var.stage}`, then apply again."
}

# Other packages make this change, and what depends on a change is read when it is applied: a plan can be made before anybody
# with the right to write has uploaded what it deploys.
resource "terraform_data" "packages" {
  input = { for role in keys(var.functions) : role => local.packages[role].key }
}

data "aws_s3_objects" "package" {
  for_each = { for role in keys(var.functions) : role => local.packages[role].key }

  bucket   = var.artifacts_bucket
  prefix   = each.value
  max_keys = 1

  depends_on = [terraform_data.packages]

  lifecycle {
    postcondition {
      condition     = contains(self.keys, each.value)
      error_message = "The package of function \"${each.key}\" (${each.value}) is not in bucket ${var.artifacts_bucket}. ${local.package_remedy}"
    }
  }
}
