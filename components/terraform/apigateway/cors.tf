# Which web pages may call the API from a browser. API Gateway answers the preflight itself.

variable "cors_allowed_origins" {
  description = "Origins whose pages may call the API, for example https://app.example.com. Empty: no page may, other clients still can."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for origin in var.cors_allowed_origins : origin == "*" || can(regex("^https?://[^/*]+$", origin))])
    error_message = "cors_allowed_origins must be origins without a path such as https://app.example.com, or \"*\"."
  }
}

variable "cors_allow_credentials" {
  description = "Let browsers send cookies along. Tokens travel in the Authorization header and do not need it."
  type        = bool
  default     = false

  validation {
    condition     = !(var.cors_allow_credentials && contains(var.cors_allowed_origins, "*"))
    error_message = "cors_allow_credentials must be false while cors_allowed_origins holds \"*\", or any web page could act as the signed-in user."
  }
}

locals {
  parameters = flatten([
    for operation in local.operations : [
      for parameter in try(operation.parameters, []) :
      try(local.contract.components.parameters[trimprefix(parameter["$ref"], "#/components/parameters/")], parameter)
    ]
  ])

  responses = concat(
    flatten([for operation in local.operations : values(operation.responses)]),
    values(try(local.contract.components.responses, {}))
  )

  # What the contract lets a caller send and shows it in return, a browser must be told as well.
  cors = {
    origins         = var.cors_allowed_origins
    credentials     = var.cors_allow_credentials
    methods         = distinct([for route in keys(local.operations) : split(" ", route)[0]])
    request_headers = distinct(concat(["authorization", "content-type"], [for p in local.parameters : lower(p.name) if p.in == "header"]))
    response_headers = distinct(flatten([
      for response in local.responses : [for name in keys(try(response.headers, {})) : lower(name)]
    ]))
    max_age_seconds = 3600
  }
}
