# One dashboard, a request's path from top to bottom: business, API, functions, queues, table.

locals {
  api_dimensions      = ["ApiId", var.api_id, "Stage", var.api_stage_name]
  function_dimensions = [for name in values(var.function_names) : ["FunctionName", name]]
  table_dimensions    = ["TableName", local.names.table]

  # A row is a title and its graphs; a graph shows each of its metrics for each of its dimensions.
  rows = [
    {
      title     = "Orders"
      namespace = local.prefix # what the services report themselves, each as dimension service
      graphs = [
        { title = "Placed", stat = "Sum", metrics = ["OrdersPlaced"], dimensions = [["service", "api"]] },
        { title = "Confirmed", stat = "Sum", metrics = ["OrdersConfirmed"], dimensions = [["service", "processor"]] },
        { title = "Sent again", stat = "Sum", metrics = ["OrdersResent"], dimensions = [["service", "scheduler"]] },
      ]
    },
    {
      title     = "API"
      namespace = "AWS/ApiGateway"
      graphs = [
        { title = "Requests and errors", stat = "Sum", metrics = ["Count", "4xx", "5xx"], dimensions = [local.api_dimensions] },
        { title = "Latency p99, all and of the function (ms)", stat = "p99", metrics = ["Latency", "IntegrationLatency"], dimensions = [local.api_dimensions] },
      ]
    },
    {
      title     = "Functions"
      namespace = "AWS/Lambda"
      graphs = [
        { title = "Invocations", stat = "Sum", metrics = ["Invocations"], dimensions = local.function_dimensions },
        { title = "Errors", stat = "Sum", metrics = ["Errors"], dimensions = local.function_dimensions },
        { title = "Throttles", stat = "Sum", metrics = ["Throttles"], dimensions = local.function_dimensions },
        { title = "Duration p99 (ms)", stat = "p99", metrics = ["Duration"], dimensions = local.function_dimensions },
      ]
    },
    {
      title     = "Queues"
      namespace = "AWS/SQS"
      graphs = [
        {
          title      = "Oldest order waiting (s)"
          stat       = "Maximum"
          metrics    = ["ApproximateAgeOfOldestMessage"]
          dimensions = [["QueueName", local.names.orders_queue]]
        },
        {
          title      = "Orders in and out"
          stat       = "Sum"
          metrics    = ["NumberOfMessagesSent", "NumberOfMessagesDeleted"]
          dimensions = [["QueueName", local.names.orders_queue]]
        },
        {
          title      = "Given up on"
          stat       = "Maximum"
          metrics    = ["ApproximateNumberOfMessagesVisible"]
          dimensions = [for queue in [local.names.orders_dlq, local.names.schedule_dlq, local.names.failures_queue] : ["QueueName", queue]]
        },
      ]
    },
    {
      title     = "Table"
      namespace = "AWS/DynamoDB"
      graphs = [
        { title = "Capacity units consumed", stat = "Sum", metrics = ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"], dimensions = [local.table_dimensions] },
        { title = "Throttled", stat = "Sum", metrics = ["ReadThrottleEvents", "WriteThrottleEvents"], dimensions = [local.table_dimensions] },
      ]
    },
  ]

  # CloudWatch's grid is 24 columns wide. A row is a heading of height 1 over graphs of height 6 that share the width.
  widgets = flatten([
    for y, row in local.rows : concat(
      [{ type = "text", x = 0, y = 7 * y, width = 24, height = 1, properties = { markdown = "## ${row.title}" } }],
      [
        for x, graph in row.graphs : {
          type   = "metric"
          x      = x * floor(24 / length(row.graphs))
          y      = 7 * y + 1
          width  = floor(24 / length(row.graphs))
          height = 6
          properties = {
            title  = graph.title
            region = var.region
            view   = "timeSeries"
            period = 60
            stat   = graph.stat
            metrics = flatten([
              for metric in graph.metrics : [
                for dimensions in graph.dimensions : { line = concat([row.namespace, metric], dimensions) }
              ]
            ])[*].line
          }
        }
      ]
    )
  ])
}

resource "aws_cloudwatch_dashboard" "service" {
  dashboard_name = local.prefix
  dashboard_body = jsonencode({ widgets = local.widgets })
}
