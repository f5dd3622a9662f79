"""Entry point of the API: routes a gateway event, and turns every error into a problem document."""

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError as NoRouteError
from aws_lambda_powertools.logging import correlation_paths
from aws_lambda_powertools.utilities.typing import LambdaContext

from services.api import problems
from services.api.routes import health, items, orders, users
from services.core.observability import logger, metrics
from services.core.tracing import traced

app = APIGatewayHttpResolver()
for noun in (health, users, items, orders):
    app.include_router(noun.router)


def on_error(error: Exception) -> Response[str]:
    return problems.answer(error, request_id=app.current_event.request_context.request_id)


def on_no_route(_: NoRouteError) -> Response[str]:
    return on_error(problems.no_route(app.current_event.http_method, app.current_event.path))


app.exception_handler(Exception)(on_error)
app.not_found(on_no_route)


@logger.inject_lambda_context(
    correlation_id_path=correlation_paths.API_GATEWAY_HTTP, clear_state=True
)
@traced
@metrics.log_metrics(capture_cold_start_metric=True)
def lambda_handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """HTTP API event, payload format 2.0."""
    return app.resolve(event, context)
