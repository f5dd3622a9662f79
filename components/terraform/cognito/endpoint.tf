# Where the pool answers. On AWS each has host names of its own; elsewhere one address serves everything.

variable "endpoint_url" {
  description = "Address that serves the pool's keys and tokens instead of Cognito's own host names, without a trailing slash; null on AWS. The issuer in a token is not affected."
  type        = string
  default     = null

  validation {
    condition     = var.endpoint_url == null ? true : can(regex("^https?://[^/]+$", var.endpoint_url))
    error_message = "endpoint_url must be a URL without path or trailing slash, such as https://auth.example.com, or null."
  }
}

locals {
  pool_url   = var.endpoint_url == null ? "https://${aws_cognito_user_pool.this.endpoint}" : "${var.endpoint_url}/${aws_cognito_user_pool.this.id}"
  domain_url = var.endpoint_url == null ? "https://${aws_cognito_user_pool_domain.this.domain}.auth.${var.region}.amazoncognito.com" : var.endpoint_url
}
