"""GET /health: whether the function answers, and which version of it."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

router = APIGatewayHttpRouter()


@router.get("/health")
def get_health() -> dict[str, str]:
    # Nothing behind the function is asked: a slow table must not make a healthy function look ill.
    return {"status": "ok", "version": router.lambda_context.function_version}
