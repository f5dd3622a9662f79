# What becomes of an asynchronous event that keeps failing.

resource "aws_lambda_function_event_invoke_config" "live" {
  count = var.settings.on_failure_arn == null ? 0 : 1

  function_name                = aws_lambda_alias.live.function_name
  qualifier                    = aws_lambda_alias.live.name
  maximum_retry_attempts       = var.async_maximum_retry_attempts
  maximum_event_age_in_seconds = var.async_maximum_event_age_seconds

  destination_config {
    on_failure {
      destination = var.settings.on_failure_arn
    }
  }
}
