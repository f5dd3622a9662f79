# Identical in every component, like context.tf. Where the API calls go (AWS or an emulator) is the environment's business
# (AWS_ENDPOINT_URL), never this file's.

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = local.tags
  }
}
