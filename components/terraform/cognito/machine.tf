# Programs that call the API on nobody's behalf (OAuth 2.0 client credentials). A token carries the scopes its client may ask
# for; which route wants which scope stands in the contract of the API.

locals {
  scopes = {
    "items.read"    = "Read the catalogue"
    "orders.read"   = "Read orders"
    "orders.write"  = "Place orders"
    "profile.read"  = "Read the profile"
    "profile.write" = "Change the profile"
  }
}

resource "aws_cognito_resource_server" "this" {
  name         = "${local.prefix}-api"
  identifier   = "${local.prefix}-api"
  user_pool_id = aws_cognito_user_pool.this.id

  dynamic "scope" {
    for_each = local.scopes

    content {
      scope_name        = scope.key
      scope_description = scope.value
    }
  }
}

# Cognito issues client-credentials tokens at a domain only. The account id makes the name unique in the region.
resource "aws_cognito_user_pool_domain" "this" {
  domain       = "${local.prefix}-${var.account_id}"
  user_pool_id = aws_cognito_user_pool.this.id

  lifecycle {
    precondition {
      condition     = !can(regex("aws|amazon|cognito", local.prefix))
      error_message = "Cognito refuses a domain that contains aws, amazon or cognito: choose another namespace or stage than those in ${local.prefix}."
    }
  }
}

resource "aws_cognito_user_pool_client" "machine" {
  name                                 = "${local.prefix}-machine"
  user_pool_id                         = aws_cognito_user_pool.this.id
  generate_secret                      = true
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["client_credentials"]
  allowed_oauth_scopes                 = [for scope in var.machine_scopes : "${aws_cognito_resource_server.this.identifier}/${scope}"]
  access_token_validity                = var.access_token_minutes
  prevent_user_existence_errors        = "ENABLED"
  enable_token_revocation              = true

  # Left out, Cognito would switch on sign-in flows for users; refreshing is the least it accepts, and this client gets no
  # refresh tokens.
  explicit_auth_flows = ["ALLOW_REFRESH_TOKEN_AUTH"]

  token_validity_units {
    access_token = "minutes"
  }
}
