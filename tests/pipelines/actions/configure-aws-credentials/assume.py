"""Asks for the job's identity token, trades it for the role's credentials, and leaves these to the job's next steps."""

import json
import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any


def main() -> None:
    inputs = json.loads(os.environ["INPUTS"])
    role, region = inputs["role-to-assume"], inputs["aws-region"]
    if not region:
        raise SystemExit("Input required and not supplied: aws-region")
    if not role or "ACTIONS_ID_TOKEN_REQUEST_URL" not in os.environ:
        raise SystemExit(
            "Credentials could not be loaded, please check your action inputs: "
            "Could not load credentials from any providers (is `id-token: write` set, and the role named?)"
        )
    token = call(
        f"{os.environ['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience={inputs['audience']}",
        headers={"Authorization": f"bearer {os.environ['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"},
    )["value"]
    request = {"token": token, "role": role, "session": inputs["role-session-name"]}
    credentials = call(os.environ["SIMULATED_STS"], body=request)
    variables = {**credentials, "AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    with Path(os.environ["GITHUB_ENV"]).open("a", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in variables.items())
    account = role.split(":")[4]
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        file.write(f"aws-account-id={account}\n")
    print(f"assumed {role}")


def call(url: str, *, headers: dict[str, str] | None = None, body: Any = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers=headers or {})  # noqa: S310 (the simulator's own)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=120) as answer:
            content: dict[str, Any] = json.load(answer)
            return content
    except urllib.error.HTTPError as error:
        raise SystemExit(
            f"Could not assume role with OIDC: {json.load(error).get('message')}"
        ) from None


main()
