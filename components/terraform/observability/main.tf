# The resources as alarms, dashboards and queries see them: by kind and key, each with the namespace and the dimensions its metrics
# are reported by. What one kind of API calls differently from the other stands here, and nowhere else.

locals {
  api_vocabulary = {
    http = {
      dimensions = { ApiId = "id", Stage = "stage" }
      metrics    = { "4xx" = "4xx", "5xx" = "5xx", Count = "Count", Latency = "Latency", IntegrationLatency = "IntegrationLatency" }
    }
    rest = {
      dimensions = { ApiName = "name", Stage = "stage" }
      metrics    = { "4xx" = "4XXError", "5xx" = "5XXError", Count = "Count", Latency = "Latency", IntegrationLatency = "IntegrationLatency" }
    }
  }

  api_type = try(var.api.type, "http")

  # Name of a metric of this kind of API, by the name an HTTP API has for it.
  api_metrics = local.api_vocabulary[local.api_type].metrics

  resources = {
    api = {
      for key, api in { api = var.api } : key => merge(api, {
        namespace  = "AWS/ApiGateway"
        dimensions = { for dimension, attribute in local.api_vocabulary[api.type].dimensions : dimension => api[attribute] }
        probed     = var.canary_enabled
      }) if api != null
    }

    functions = {
      for role, function in var.functions : role => merge(function, {
        namespace = "AWS/Lambda"
        # FunctionName alone counts every version and alias, so that a canary release's errors are seen too.
        dimensions = { FunctionName = function.name }
        # Between two runs by schedule; null where they come as they come.
        interval_seconds = try(min([for schedule in var.schedules : schedule.period_seconds if schedule.function == role && schedule.period_seconds != null]...), null)
      })
    }

    queues = {
      for key, queue in var.queues : key => merge(queue, {
        namespace  = "AWS/SQS"
        dimensions = { QueueName = queue.name }
        consumed   = queue.consumer != null
      })
    }

    tables = {
      for key, table in var.tables : key => merge(table, {
        namespace  = "AWS/DynamoDB"
        dimensions = { TableName = table.name }
      })
    }

    indexes = merge([
      for key, table in var.tables : {
        for index in table.indexes : "${key}-${lower(index)}" => {
          name       = "${table.name}/${index}"
          table      = key
          namespace  = "AWS/DynamoDB"
          dimensions = { TableName = table.name, GlobalSecondaryIndexName = index }
        }
      }
    ]...)

    schedules = {
      for key, schedule in var.schedules : key => merge(schedule, {
        namespace     = "AWS/Scheduler"
        dimensions    = { ScheduleGroup = schedule.group }
        function_name = var.functions[schedule.function].name
      })
    }

    user_pools = {
      for key, pool in var.user_pools : key => merge(pool, {
        name       = pool.id
        namespace  = "AWS/Cognito"
        dimensions = { UserPool = pool.id }
      })
    }

    user_pool_clients = merge([
      for key, pool in var.user_pools : {
        for client, id in pool.clients : "${key}-${client}" => {
          name       = "${pool.id}/${id}"
          pool       = key
          namespace  = "AWS/Cognito"
          dimensions = { UserPool = pool.id, UserPoolClient = id }
        }
      }
    ]...)

    account = {
      for key, quota in { account = var.account_concurrency_quota } : key => {
        name                      = var.account_id
        concurrency_quota         = quota
        namespace                 = "AWS/Lambda"
        dimensions                = {}
      } if var.account_alarms_enabled
    }
  }

  # How a description begins.
  kind_words = {
    api               = "API"
    functions         = "Function"
    queues            = "Queue"
    tables            = "Table"
    indexes           = "Index"
    schedules         = "Schedule"
    user_pools        = "User pool"
    user_pool_clients = "User pool client"
    account           = "Account"
  }
}
