# The contract, read into routes: paths x methods of services/api/openapi.yaml. A path added there is a route here; an
# operation that does not say who may call it stops the plan, so nothing becomes public by omission.

variable "contract_file" {
  description = "Path of the OpenAPI contract, absolute or relative to this component."
  type        = string
  default     = "../../../services/api/openapi.yaml"

  validation {
    condition     = fileexists(startswith(var.contract_file, "/") ? var.contract_file : "${path.root}/${var.contract_file}")
    error_message = "contract_file ${var.contract_file} does not exist."
  }
}

variable "resource_server_id" {
  description = "Identifier of the Cognito resource server: a machine client's token says `<resource_server_id>/<scope>` where the contract says `<scope>`."
  type        = string
  default     = null

  validation {
    condition     = var.authorizer != "jwt" || var.resource_server_id != null
    error_message = "resource_server_id is required when authorizer is jwt."
  }
}

locals {
  contract_path = startswith(var.contract_file, "/") ? var.contract_file : "${path.root}/${var.contract_file}"
  contract      = yamldecode(file(local.contract_path))

  # Scope of every token a person signs in for: a user may call every route, a machine only what its scopes say.
  user_scope = "aws.cognito.signin.user.admin"

  # A path item also holds keys that are no methods, such as parameters and summary.
  methods = ["get", "put", "post", "delete", "patch", "head"]

  operations = merge([
    for path, item in local.contract.paths : {
      for method, operation in item : "${upper(method)} ${path}" => operation if contains(local.methods, method)
    }
  ]...)

  # null where neither the operation nor the contract as a whole says who may call it.
  security = { for route, operation in local.operations : route => try(operation.security, local.contract.security, null) }

  # One scope a requirement: OpenAPI means all scopes of a requirement, API Gateway would be content with any.
  misstated = [
    for route, security in local.security : route
    if !try(alltrue([for requirement in security : join(",", keys(requirement)) == "oauth2" && length(requirement.oauth2) == 1]), false)
  ]

  routes = {
    for route, security in local.security : route => {
      public = try(length(security) == 0, false)
      accepted_scopes = concat([local.user_scope], [
        for scope in try(distinct(flatten([for requirement in security : requirement.oauth2])), []) :
        "${coalesce(var.resource_server_id, "-")}/${scope}"
      ])
    }
  }
}
