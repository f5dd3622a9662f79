# Who is let in: Cognito's tokens checked by API Gateway itself (jwt), or by the authorizer function (lambda).

variable "authorizer" {
  description = "jwt: API Gateway checks tokens, at no cost per request. lambda: the authorizer function does, for rules a JWT authorizer cannot express."
  type        = string
  default     = "jwt"

  validation {
    condition     = contains(["jwt", "lambda"], var.authorizer)
    error_message = "authorizer must be jwt or lambda."
  }

  validation {
    condition     = var.authorizer != "lambda" || alltrue([for arns in [var.alias_invoke_arns, var.function_names] : contains(keys(arns), "authorizer")])
    error_message = "authorizer is lambda, but alias_invoke_arns and function_names have no entry for authorizer. Add that function to the lambda component."
  }
}

variable "issuer" {
  description = "Issuer (iss) a token must carry, for example https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc. Used when authorizer is jwt."
  type        = string
  default     = null

  validation {
    condition     = var.authorizer != "jwt" || can(regex("^https?://", var.issuer))
    error_message = "issuer must be the URL of the token issuer when authorizer is jwt."
  }
}

variable "audience" {
  description = "Client ids whose tokens are accepted; a token of any other client is refused with 401. Used when authorizer is jwt."
  type        = list(string)
  default     = []

  validation {
    condition     = var.authorizer != "jwt" || length(var.audience) > 0
    error_message = "audience must name at least one client id when authorizer is jwt."
  }
}

variable "authorizer_cache_seconds" {
  description = "Seconds API Gateway reuses the authorizer function's answer for the same Authorization header: a revoked token works that much longer. 0 asks every time. Used when authorizer is lambda."
  type        = number
  default     = 60

  validation {
    condition     = var.authorizer_cache_seconds >= 0 && var.authorizer_cache_seconds <= 3600
    error_message = "authorizer_cache_seconds must be from 0 to 3600."
  }
}

locals {
  authorization_type = var.authorizer == "jwt" ? "JWT" : "CUSTOM"
  authorizer_id      = one(concat(aws_apigatewayv2_authorizer.jwt[*].id, aws_apigatewayv2_authorizer.function[*].id))
}

resource "aws_apigatewayv2_authorizer" "jwt" {
  count = var.authorizer == "jwt" ? 1 : 0

  api_id           = aws_apigatewayv2_api.this.id
  name             = "jwt"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    issuer   = var.issuer
    audience = var.audience
  }

  lifecycle {
    # On a change of var.authorizer the routes move to the new one before the old one goes: no route is ever without.
    create_before_destroy = true
  }
}

resource "aws_apigatewayv2_authorizer" "function" {
  count = var.authorizer == "lambda" ? 1 : 0

  api_id                            = aws_apigatewayv2_api.this.id
  name                              = "lambda"
  authorizer_type                   = "REQUEST"
  authorizer_uri                    = var.alias_invoke_arns["authorizer"]
  authorizer_payload_format_version = "2.0"
  enable_simple_responses           = true
  # The route is part of the cache's key: the answer for one route must not open another.
  identity_sources                 = ["$request.header.Authorization", "$context.routeKey"]
  authorizer_result_ttl_in_seconds = var.authorizer_cache_seconds

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lambda_permission" "authorizer" {
  count = var.authorizer == "lambda" ? 1 : 0

  statement_id  = "authorizer-${aws_apigatewayv2_authorizer.function[0].id}"
  action        = "lambda:InvokeFunction"
  function_name = var.function_names["authorizer"]
  qualifier     = local.alias
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/authorizers/${aws_apigatewayv2_authorizer.function[0].id}"

  lifecycle {
    create_before_destroy = true
  }
}
