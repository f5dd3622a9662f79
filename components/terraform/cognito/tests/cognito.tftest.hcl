mock_provider "aws" {
  mock_resource "aws_cognito_user_pool" {
    defaults = {
      id       = "eu-west-1_AbCdEfGhI"
      endpoint = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
    }
  }
}

variables {
  namespace                   = "acme"
  stage                       = "dev"
  region                      = "eu-west-1"
  account_id                  = "111122223333"
  mfa                         = "OFF"
  deletion_protection_enabled = false
  machine_scopes              = ["items.read", "orders.read"]
}

run "people_sign_in_with_a_verified_address_and_a_strong_password" {
  assert {
    condition     = aws_cognito_user_pool.this.name == "acme-euwest1-dev-users" && aws_cognito_user_pool.this.username_attributes == toset(["email"])
    error_message = "The e-mail address is the user name."
  }

  assert {
    condition = alltrue([
      for policy in aws_cognito_user_pool.this.password_policy :
      policy.minimum_length >= 14 && policy.require_lowercase && policy.require_uppercase && policy.require_numbers && policy.require_symbols
    ])
    error_message = "The password policy is weaker than promised."
  }

  assert {
    condition = [
      for mechanism in one(aws_cognito_user_pool.this.account_recovery_setting).recovery_mechanism : mechanism.name
    ] == ["verified_email"]
    error_message = "An account is recovered by its verified address only."
  }

  assert {
    condition     = one(aws_cognito_user_pool.this.admin_create_user_config).allow_admin_create_user_only
    error_message = "Nobody creates an account without an administrator unless the stack allows it."
  }
}

run "the_client_of_people_has_no_secret_and_never_sees_a_password" {
  assert {
    condition     = !aws_cognito_user_pool_client.users.generate_secret
    error_message = "A secret in a browser is none."
  }

  assert {
    condition     = aws_cognito_user_pool_client.users.explicit_auth_flows == toset(["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"])
    error_message = "Without password_auth_enabled, only SRP and refresh are allowed."
  }

  assert {
    condition     = aws_cognito_user_pool_client.users.prevent_user_existence_errors == "ENABLED" && aws_cognito_user_pool_client.users.enable_token_revocation
    error_message = "The client must not tell who has an account, and its tokens must be revocable."
  }
}

run "the_machine_client_gets_tokens_for_its_scopes_only" {
  assert {
    condition     = aws_cognito_user_pool_client.machine.generate_secret && aws_cognito_user_pool_client.machine.allowed_oauth_flows == toset(["client_credentials"])
    error_message = "Machines identify themselves with a secret, and nothing else."
  }

  assert {
    condition     = aws_cognito_user_pool_client.machine.allowed_oauth_scopes == toset(["acme-euwest1-dev-api/items.read", "acme-euwest1-dev-api/orders.read"])
    error_message = "The machine client must get exactly the scopes the stack names."
  }

  assert {
    condition     = aws_cognito_user_pool_client.machine.explicit_auth_flows == toset(["ALLOW_REFRESH_TOKEN_AUTH"])
    error_message = "No user may sign in through the machine client."
  }

  assert {
    condition = toset([for scope in aws_cognito_resource_server.this.scope : scope.scope_name]) == toset([
      "items.read", "orders.read", "orders.write", "profile.read", "profile.write",
    ])
    error_message = "The resource server must offer the scopes of the contract."
  }
}

run "tokens_are_verified_against_the_pool" {
  assert {
    condition     = output.issuer == "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
    error_message = "The issuer must be what tokens carry as iss."
  }

  assert {
    condition     = output.jwks_url == "${output.issuer}/.well-known/jwks.json"
    error_message = "The keys are published below the issuer."
  }

  assert {
    condition     = output.token_url == "https://acme-euwest1-dev-111122223333.auth.eu-west-1.amazoncognito.com/oauth2/token"
    error_message = "Machines get their tokens at the pool's domain."
  }

  assert {
    condition     = output.client_ids == "${output.client_id},${output.machine_client_id}"
    error_message = "The authorizer accepts the tokens of both clients."
  }

  assert {
    condition     = output.resource_server_id == "acme-euwest1-dev-api"
    error_message = "Scopes begin with the resource server's identifier."
  }
}

run "another_endpoint_serves_keys_and_tokens_but_is_not_the_issuer" {
  variables {
    endpoint_url = "http://127.0.0.1:4566"
  }

  assert {
    condition     = output.jwks_url == "http://127.0.0.1:4566/eu-west-1_AbCdEfGhI/.well-known/jwks.json" && output.token_url == "http://127.0.0.1:4566/oauth2/token"
    error_message = "Keys and tokens must come from the endpoint given."
  }

  assert {
    condition     = output.issuer == "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI"
    error_message = "The issuer is what tokens say, wherever they are served."
  }
}

run "the_cheapest_tier_without_second_factor_is_what_is_asked_for" {
  assert {
    condition     = aws_cognito_user_pool.this.user_pool_tier == "LITE" && one(aws_cognito_user_pool.this.user_pool_add_ons).advanced_security_mode == "OFF"
    error_message = "Threat protection is billed per user: off unless asked for."
  }

  assert {
    condition     = aws_cognito_user_pool.this.mfa_configuration == "OFF" && aws_cognito_user_pool.this.deletion_protection == "INACTIVE"
    error_message = "mfa and deletion_protection_enabled must reach the pool."
  }
}

run "a_protected_pool_is_protected_throughout" {
  variables {
    mfa                         = "ON"
    deletion_protection_enabled = true
    threat_protection           = "ENFORCED"
  }

  assert {
    condition     = aws_cognito_user_pool.this.mfa_configuration == "ON" && one(aws_cognito_user_pool.this.software_token_mfa_configuration).enabled
    error_message = "A second factor needs the authenticator app, or nobody can sign in."
  }

  assert {
    condition     = aws_cognito_user_pool.this.deletion_protection == "ACTIVE"
    error_message = "deletion_protection_enabled must reach the pool."
  }

  assert {
    condition     = aws_cognito_user_pool.this.user_pool_tier == "PLUS" && one(aws_cognito_user_pool.this.user_pool_add_ons).advanced_security_mode == "ENFORCED"
    error_message = "Threat protection exists in the Plus tier only."
  }
}

run "the_password_flow_is_open_where_the_stack_says_so" {
  variables {
    password_auth_enabled = true
  }

  assert {
    condition     = contains(aws_cognito_user_pool_client.users.explicit_auth_flows, "ALLOW_USER_PASSWORD_AUTH")
    error_message = "password_auth_enabled must reach the client."
  }
}

run "values_cognito_does_not_take_are_refused" {
  command = plan

  variables {
    mfa                  = "true"
    access_token_minutes = 4
    refresh_token_days   = 3651
    threat_protection    = "ON"
    machine_scopes       = ["orders.delete"]
    endpoint_url         = "http://127.0.0.1:4566/"
  }

  expect_failures = [
    var.mfa,
    var.access_token_minutes,
    var.refresh_token_days,
    var.threat_protection,
    var.machine_scopes,
    var.endpoint_url,
  ]
}

run "a_machine_client_without_scopes_is_refused" {
  command = plan

  variables {
    machine_scopes = []
  }

  expect_failures = [var.machine_scopes]
}

run "a_domain_with_a_reserved_word_is_refused_before_cognito_does" {
  command = plan

  variables {
    namespace = "lawson"
  }

  expect_failures = [aws_cognito_user_pool_domain.this]
}

run "the_pool_reports_the_client_people_sign_in_with" {
  command = apply

  assert {
    condition     = output.user_pools.users.id == "eu-west-1_AbCdEfGhI" && output.user_pools.users.clients == { people = aws_cognito_user_pool_client.users.id }
    error_message = "Cognito reports sign-ins by pool and client; nobody signs in with the machine's."
  }
}
