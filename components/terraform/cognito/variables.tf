variable "mfa" {
  description = "Second factor by authenticator app: ON (everybody), OPTIONAL (who sets it up) or OFF. Users without one cannot sign in once it is ON."
  type        = string

  validation {
    condition     = contains(["OFF", "OPTIONAL", "ON"], var.mfa)
    error_message = "mfa must be OFF, OPTIONAL or ON. In YAML, quote it: bare ON and OFF mean true and false."
  }
}

variable "deletion_protection_enabled" {
  description = "Refuse to delete the user pool, by Terraform too, until this is false. A deleted pool takes its users and their passwords with it."
  type        = bool
}

variable "password_auth_enabled" {
  description = "Let clients send the password itself (USER_PASSWORD_AUTH) instead of proving that they know it (SRP). For tests and local use: the password reaches whatever stands between client and Cognito."
  type        = bool
  default     = false
}

variable "self_sign_up_enabled" {
  description = "Let anybody create an account. False: only administrators create users."
  type        = bool
  default     = false
}

variable "access_token_minutes" {
  description = "Minutes an access or ID token is valid, 5 to 1440. A revoked token still opens the API until then, since the gateway checks its signature only."
  type        = number
  default     = 60

  validation {
    condition     = var.access_token_minutes >= 5 && var.access_token_minutes <= 1440
    error_message = "access_token_minutes must be 5 to 1440 (one day): Cognito allows nothing else."
  }
}

variable "refresh_token_days" {
  description = "Days until a user has to sign in again, 1 to 3650."
  type        = number
  default     = 30

  validation {
    condition     = var.refresh_token_days >= 1 && var.refresh_token_days <= 3650
    error_message = "refresh_token_days must be 1 to 3650: Cognito allows nothing else."
  }
}

variable "threat_protection" {
  description = "Cognito's detection of stolen passwords and takeovers: OFF, AUDIT (report) or ENFORCED (block). Anything but OFF moves the pool to the Plus tier, at 0.02 USD per monthly active user from the first."
  type        = string
  default     = "OFF"

  validation {
    condition     = contains(["OFF", "AUDIT", "ENFORCED"], var.threat_protection)
    error_message = "threat_protection must be OFF, AUDIT or ENFORCED. In YAML, quote it: bare OFF means false."
  }
}

variable "machine_scopes" {
  description = "Scopes of the API the machine client may ask for. It can do nothing else."
  type        = set(string)

  validation {
    condition     = length(var.machine_scopes) > 0 && alltrue([for scope in var.machine_scopes : contains(keys(local.scopes), scope)])
    error_message = "machine_scopes must name one or more of ${join(", ", keys(local.scopes))}."
  }
}
