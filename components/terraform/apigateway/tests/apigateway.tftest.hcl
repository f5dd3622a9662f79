mock_provider "aws" {}

variables {
  namespace  = "acme"
  stage      = "test"
  region     = "us-east-1"
  account_id = "111122223333"

  contract_file = "tests/fixtures/openapi.yaml"
  alias_invoke_arns = {
    api        = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111122223333:function:acme-useast1-test-api:live/invocations"
    authorizer = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:111122223333:function:acme-useast1-test-authorizer:live/invocations"
  }
  function_names = { api = "acme-useast1-test-api", authorizer = "acme-useast1-test-authorizer" }

  issuer             = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc"
  audience           = ["user-client", "machine-client"]
  resource_server_id = "acme-orders"

  throttling_rate_limit  = 50
  throttling_burst_limit = 100
  log_retention_days     = 30
}

run "routes_are_the_contract_and_only_the_declared_one_is_public" {
  command = plan

  assert {
    condition     = keys(aws_apigatewayv2_route.this) == ["GET /health", "GET /orders", "GET /orders/{order_id}", "POST /orders"]
    error_message = "routes must be paths x methods of the contract, and nothing else of a path item"
  }

  assert {
    condition     = [for key, route in aws_apigatewayv2_route.this : key if route.authorization_type == "NONE"] == ["GET /health"]
    error_message = "only the operation with `security: []` may be public"
  }

  assert {
    condition     = aws_apigatewayv2_api.this.protocol_type == "HTTP" && aws_apigatewayv2_api.this.version == "1.2.3"
    error_message = "the API must be an HTTP API of the contract's version"
  }
}

run "the_services_contract_makes_health_public_and_nothing_else" {
  command = plan

  variables {
    contract_file = "../../../services/api/openapi.yaml"
  }

  assert {
    condition     = [for key, route in aws_apigatewayv2_route.this : key if route.authorization_type == "NONE"] == ["GET /health"]
    error_message = "a public route is a decision: change it here together with services/api/openapi.yaml"
  }
}

run "jwt_routes_accept_a_signed_in_user_or_a_machine_with_the_scope" {
  command = plan

  assert {
    condition     = aws_apigatewayv2_route.this["POST /orders"].authorization_type == "JWT"
    error_message = "a protected route must be checked by the JWT authorizer"
  }

  assert {
    condition     = aws_apigatewayv2_route.this["POST /orders"].authorization_scopes == toset(["aws.cognito.signin.user.admin", "acme-orders/orders.write"])
    error_message = "a route must accept the user scope and its own machine scope, no other"
  }

  assert {
    condition     = aws_apigatewayv2_route.this["GET /health"].authorization_scopes == null
    error_message = "a public route must ask for no scope"
  }

  assert {
    condition = (
      aws_apigatewayv2_authorizer.jwt[0].authorizer_type == "JWT" &&
      one(aws_apigatewayv2_authorizer.jwt[0].jwt_configuration).issuer == var.issuer &&
      one(aws_apigatewayv2_authorizer.jwt[0].jwt_configuration).audience == toset(["user-client", "machine-client"])
    )
    error_message = "the JWT authorizer must check issuer and audience"
  }

  assert {
    condition     = length(aws_lambda_permission.authorizer) == 0
    error_message = "nothing may invoke an authorizer function that is not used"
  }
}

run "lambda_authorizer_answers_simply_and_is_callable_by_this_authorizer_only" {
  command = apply

  variables {
    authorizer         = "lambda"
    issuer             = null
    audience           = []
    resource_server_id = null
  }

  override_resource {
    target = aws_apigatewayv2_api.this
    values = { execution_arn = "arn:aws:execute-api:us-east-1:111122223333:abc" }
  }

  override_resource {
    target = aws_apigatewayv2_authorizer.function
    values = { id = "auth1" }
  }

  override_resource {
    target = aws_cloudwatch_log_group.access
    values = { arn = "arn:aws:logs:us-east-1:111122223333:log-group:access" }
  }

  assert {
    condition = (
      aws_apigatewayv2_authorizer.function[0].authorizer_type == "REQUEST" &&
      aws_apigatewayv2_authorizer.function[0].enable_simple_responses &&
      aws_apigatewayv2_authorizer.function[0].authorizer_payload_format_version == "2.0" &&
      aws_apigatewayv2_authorizer.function[0].authorizer_result_ttl_in_seconds == 60 &&
      aws_apigatewayv2_authorizer.function[0].identity_sources == toset(["$request.header.Authorization", "$context.routeKey"]) &&
      length(aws_apigatewayv2_authorizer.jwt) == 0
    )
    error_message = "the Lambda authorizer must use payload 2.0, simple responses, and an answer cached per token and route"
  }

  assert {
    condition     = aws_apigatewayv2_route.this["GET /orders"].authorization_type == "CUSTOM" && aws_apigatewayv2_route.this["GET /orders"].authorizer_id == "auth1"
    error_message = "a protected route must be checked by the Lambda authorizer"
  }

  assert {
    condition     = aws_lambda_permission.authorizer[0].source_arn == "arn:aws:execute-api:us-east-1:111122223333:abc/authorizers/auth1" && aws_lambda_permission.authorizer[0].qualifier == "live"
    error_message = "only this authorizer may invoke the authorizer function, at alias live"
  }

  assert {
    condition     = aws_lambda_permission.api.source_arn == "arn:aws:execute-api:us-east-1:111122223333:abc/*/*" && aws_lambda_permission.api.qualifier == "live"
    error_message = "only this API may invoke the api function, at alias live"
  }
}

run "requests_reach_the_live_alias_in_payload_2" {
  command = plan

  assert {
    condition = (
      aws_apigatewayv2_integration.api.integration_type == "AWS_PROXY" &&
      aws_apigatewayv2_integration.api.payload_format_version == "2.0" &&
      aws_apigatewayv2_integration.api.integration_uri == var.alias_invoke_arns["api"]
    )
    error_message = "the integration must be AWS_PROXY, payload 2.0, on alias live"
  }
}

run "stage_is_throttled_measured_and_logged_without_content" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:111122223333:key/1"
  }

  override_resource {
    target          = aws_cloudwatch_log_group.access
    values          = { arn = "arn:aws:logs:us-east-1:111122223333:log-group:access" }
    override_during = plan
  }

  assert {
    condition = (
      aws_apigatewayv2_stage.default.name == "$default" && aws_apigatewayv2_stage.default.auto_deploy &&
      one(aws_apigatewayv2_stage.default.default_route_settings).throttling_rate_limit == 50 &&
      one(aws_apigatewayv2_stage.default.default_route_settings).throttling_burst_limit == 100 &&
      one(aws_apigatewayv2_stage.default.default_route_settings).detailed_metrics_enabled
    )
    error_message = "the $default stage must deploy by itself, throttle and report metrics per route"
  }

  assert {
    condition     = aws_cloudwatch_log_group.access.name == "/aws/apigateway/acme-useast1-test" && aws_cloudwatch_log_group.access.retention_in_days == 30
    error_message = "the access log must have its own group and a retention"
  }

  assert {
    condition     = aws_cloudwatch_log_group.access.kms_key_id == var.kms_key_arn
    error_message = "the access log must be encrypted with the key the stage gives"
  }

  assert {
    condition = (
      one(aws_apigatewayv2_stage.default.access_log_settings).destination_arn == "arn:aws:logs:us-east-1:111122223333:log-group:access" &&
      keys(jsondecode(one(aws_apigatewayv2_stage.default.access_log_settings).format)) == [
        "authorizerError", "integrationError", "integrationLatency", "latency", "requestId", "requestTime", "routeKey", "status", "sub"
      ]
    )
    error_message = "the access log must hold these fields: a new one may carry a path, a query string or a token"
  }
}

run "no_web_page_may_call_unless_named" {
  command = plan

  assert {
    condition     = length(aws_apigatewayv2_api.this.cors_configuration) == 0
    error_message = "without allowed origins there must be no CORS"
  }
}

run "named_web_pages_may_call_with_the_methods_and_headers_of_the_contract" {
  command = plan

  variables {
    cors_allowed_origins = ["https://app.example.com"]
  }

  assert {
    condition = (
      one(aws_apigatewayv2_api.this.cors_configuration).allow_origins == toset(["https://app.example.com"]) &&
      one(aws_apigatewayv2_api.this.cors_configuration).allow_methods == toset(["GET", "POST"]) &&
      one(aws_apigatewayv2_api.this.cors_configuration).allow_headers == toset(["authorization", "content-type", "idempotency-key", "x-correlation-id"]) &&
      one(aws_apigatewayv2_api.this.cors_configuration).expose_headers == toset(["location", "retry-after"]) &&
      one(aws_apigatewayv2_api.this.cors_configuration).allow_credentials == false
    )
    error_message = "CORS must allow the named origins, the contract's methods and headers, and no credentials"
  }
}

run "refuses_credentials_for_any_origin" {
  command         = plan
  expect_failures = [var.cors_allow_credentials]

  variables {
    cors_allowed_origins   = ["*"]
    cors_allow_credentials = true
  }
}

run "refuses_an_origin_with_a_path" {
  command         = plan
  expect_failures = [var.cors_allowed_origins]

  variables {
    cors_allowed_origins = ["https://app.example.com/"]
  }
}

run "refuses_an_operation_that_does_not_say_who_may_call_it" {
  command         = plan
  expect_failures = [aws_apigatewayv2_api.this]

  variables {
    contract_file = "tests/fixtures/silent.yaml"
  }
}

run "refuses_a_token_without_a_scope" {
  command         = plan
  expect_failures = [aws_apigatewayv2_api.this]

  variables {
    contract_file = "tests/fixtures/unscoped.yaml"
  }
}

run "refuses_two_scopes_at_once_which_api_gateway_takes_for_either" {
  command         = plan
  expect_failures = [aws_apigatewayv2_api.this]

  variables {
    contract_file = "tests/fixtures/both_scopes.yaml"
  }
}

run "refuses_a_jwt_authorizer_that_cannot_check" {
  command         = plan
  expect_failures = [var.issuer, var.audience, var.resource_server_id]

  variables {
    issuer             = null
    audience           = []
    resource_server_id = null
  }
}

run "refuses_a_lambda_authorizer_without_its_function" {
  command         = plan
  expect_failures = [var.authorizer]

  variables {
    authorizer     = "lambda"
    function_names = { api = "acme-useast1-test-api" }
  }
}

run "refuses_other_kinds_of_api_and_authorizer" {
  command         = plan
  expect_failures = [var.api_type, var.authorizer]

  variables {
    api_type   = "soap"
    authorizer = "basic"
  }
}

run "refuses_limits_and_retention_that_aws_does_not_offer" {
  command         = plan
  expect_failures = [var.throttling_rate_limit, var.throttling_burst_limit, var.log_retention_days, var.authorizer_cache_seconds]

  variables {
    throttling_rate_limit    = 0
    throttling_burst_limit   = 0
    log_retention_days       = 8
    authorizer_cache_seconds = 3601
  }
}

run "the_api_reports_what_its_metrics_are_called_by" {
  command = apply

  assert {
    condition = (
      output.api.type == "http" && output.api.id == aws_apigatewayv2_api.this.id && output.api.stage == aws_apigatewayv2_stage.default.name &&
      output.api.name == aws_apigatewayv2_api.this.name && output.api.access_log_group_name == aws_cloudwatch_log_group.access.name
    )
    error_message = "the output must say what the resources are called"
  }

  assert {
    condition     = output.api.integration_timeout_ms == aws_apigatewayv2_integration.api.timeout_milliseconds
    error_message = "objectives are measured by the time after which the gateway gives up"
  }
}
