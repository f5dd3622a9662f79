"""What `make up` leaves on the screen: where the API answers, and what to try next."""

from collections.abc import Mapping

from blueprint.console import out
from blueprint.delivery.outputs import Outputs
from blueprint.release.endpoint import api_url
from blueprint.stacks.model import Stack


def print_summary(stack: Stack, env: Mapping[str, str], *, seconds: float) -> None:
    """Print the stack's addresses and the next commands."""
    outputs = Outputs(stack, env)
    url = api_url(stack, env, outputs)
    out.print(
        f"""[bold green]{stack.name} is up[/bold green] ({seconds:.0f} s)

  API        {url}
  AWS        {env["AWS_ENDPOINT_URL"]} (embedded, account {stack.value("account_id")})
  Table      {outputs.get("dynamodb", "table_name")}
  User pool  {outputs.get("cognito", "user_pool_id")}

Try:
  curl {url}/health
  TOKEN=$(.venv/bin/blueprint token)
  curl -H "Authorization: Bearer $TOKEN" {url}/items
  curl -H "Authorization: Bearer $TOKEN" -H "Idempotency-Key: order-1" -H "Content-Type: application/json" \\
       -d '{{"items": [{{"item_id": "kettle", "quantity": 1}}]}}' {url}/orders

Then:
  eval "$(.venv/bin/blueprint env {stack.name})"   # this shell now talks to the embedded AWS
  atmos terraform plan lambda -s {stack.name}      # the same components, by hand
  make test                                 # every proof
  make down                                 # everything gone"""
    )
