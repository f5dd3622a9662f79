"""Where a stack's API answers."""

from collections.abc import Mapping

from blueprint.delivery.outputs import Outputs
from blueprint.stacks.model import Stack


def has_api(stack: Stack) -> bool:
    """Whether `stack` serves an API at all; a stack of shared resources may not."""
    return "apigateway" in stack.components


def api_url(stack: Stack, env: Mapping[str, str], outputs: Outputs) -> str:
    """Base URL of the API, without a trailing slash.

    API Gateway gives each API a host name of its own. The embedded AWS serves the same API below a
    path of its one address, so that no name has to be resolved.
    """
    if stack.emulated:
        return f"{env['AWS_ENDPOINT_URL']}/_aws/execute-api/{outputs.get('apigateway', 'api_id')}"
    return str(outputs.get("apigateway", "api_endpoint")).rstrip("/")
