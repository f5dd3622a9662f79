# The people who use the API: they sign in with their e-mail address, and what they hold afterwards is an access token.

resource "aws_cognito_user_pool" "this" {
  name                     = "${local.prefix}-users"
  user_pool_tier           = var.threat_protection == "OFF" ? "LITE" : "PLUS"
  deletion_protection      = var.deletion_protection_enabled ? "ACTIVE" : "INACTIVE"
  mfa_configuration        = var.mfa
  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]

  username_configuration {
    case_sensitive = false
  }

  admin_create_user_config {
    allow_admin_create_user_only = !var.self_sign_up_enabled
  }

  password_policy {
    minimum_length                   = 14
    require_lowercase                = true
    require_uppercase                = true
    require_numbers                  = true
    require_symbols                  = true
    temporary_password_validity_days = 1
  }

  # Whoever can only be reached by text message can be impersonated by whoever takes over the number.
  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  # An address is not replaced before the new one is proved to be the user's own.
  user_attribute_update_settings {
    attributes_require_verification_before_update = ["email"]
  }

  dynamic "software_token_mfa_configuration" {
    for_each = var.mfa == "OFF" ? [] : ["authenticator app"]

    content {
      enabled = true
    }
  }

  # Said even when it is OFF: leaving the block out would not switch it off again.
  user_pool_add_ons {
    advanced_security_mode = var.threat_protection
  }
}

# A public client: it runs in browsers and on telephones, where a secret would be none.
resource "aws_cognito_user_pool_client" "users" {
  name                          = "${local.prefix}-users"
  user_pool_id                  = aws_cognito_user_pool.this.id
  generate_secret               = false
  supported_identity_providers  = ["COGNITO"]
  prevent_user_existence_errors = "ENABLED"
  enable_token_revocation       = true
  access_token_validity         = var.access_token_minutes
  id_token_validity             = var.access_token_minutes
  refresh_token_validity        = var.refresh_token_days

  explicit_auth_flows = concat(
    ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    var.password_auth_enabled ? ["ALLOW_USER_PASSWORD_AUTH"] : [],
  )

  token_validity_units {
    access_token  = "minutes"
    id_token      = "minutes"
    refresh_token = "days"
  }
}
