# Queue to function. A failed message is reported by its id, so that the rest of its batch is not processed again.

resource "aws_lambda_event_source_mapping" "queue" {
  count = var.settings.event_source == null ? 0 : 1

  event_source_arn                   = var.settings.event_source.queue_arn
  function_name                      = aws_lambda_alias.live.arn
  batch_size                         = var.settings.event_source.batch_size
  maximum_batching_window_in_seconds = var.settings.event_source.batching_window_seconds
  function_response_types            = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.settings.event_source.maximum_concurrency
  }
}
