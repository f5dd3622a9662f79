output "user_pool_id" {
  description = "Id of the user pool."
  value       = aws_cognito_user_pool.this.id
}

output "user_pool_arn" {
  description = "ARN of the user pool."
  value       = aws_cognito_user_pool.this.arn
}

output "issuer" {
  description = "Claim `iss` of every token of the pool."
  value       = "https://${aws_cognito_user_pool.this.endpoint}"
}

output "jwks_url" {
  description = "Where the pool publishes the keys its tokens are signed with."
  value       = "${local.pool_url}/.well-known/jwks.json"
}

output "client_id" {
  description = "Client that people's browsers and telephones sign in with; it has no secret."
  value       = aws_cognito_user_pool_client.users.id
}

output "machine_client_id" {
  description = "Client of programs. Its secret is no output: ask Cognito for it (`aws cognito-idp describe-user-pool-client`)."
  value       = aws_cognito_user_pool_client.machine.id
}

output "client_ids" {
  description = "Both client ids, separated by a comma: what the authorizer function accepts."
  value       = join(",", [aws_cognito_user_pool_client.users.id, aws_cognito_user_pool_client.machine.id])
}

output "resource_server_id" {
  description = "What stands before the slash in a scope: <resource_server_id>/orders.read."
  value       = aws_cognito_resource_server.this.identifier
}

output "token_url" {
  description = "OAuth 2.0 token endpoint, where programs exchange id and secret for an access token."
  value       = "${local.domain_url}/oauth2/token"
}

output "user_pools" {
  description = "The user pools by key as observability watches them, each with the clients that people sign in with. The machine client is none: nobody signs in there."
  value = {
    users = {
      id      = aws_cognito_user_pool.this.id
      clients = { people = aws_cognito_user_pool_client.users.id }
    }
  }
}
