"""Who gets in: the gateway's JWT authorizer with tokens that the user pool issued."""

import base64
import json

import pytest
import requests

from .conftest import ORDER, Deployment, User


def test_health_needs_no_token(deployment: Deployment) -> None:
    response = requests.get(f"{deployment.url}/health", timeout=30)

    assert response.status_code == 200
    assert response.json()["status"] == "ok"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/users/me"),
        ("PUT", "/users/me"),
        ("GET", "/items"),
        ("GET", "/items/kettle"),
        ("POST", "/orders"),
        ("GET", "/orders"),
        ("GET", "/orders/some-order"),
    ],
)
def test_every_other_route_is_401_without_a_token(
    deployment: Deployment, method: str, path: str
) -> None:
    response = requests.request(method, f"{deployment.url}{path}", timeout=30)

    assert response.status_code == 401


def test_a_signed_in_user_gets_in(alice: User) -> None:
    assert alice.get("/items").status_code == 200


def test_a_token_with_another_subject_but_the_old_signature_is_401(
    deployment: Deployment, alice: User
) -> None:
    header, payload, signature = alice.token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    claims["sub"] = "00000000-0000-0000-0000-000000000000"
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()

    response = User(deployment.url, f"{header}.{forged}.{signature}").get("/items")

    assert response.status_code == 401


def test_a_token_that_claims_to_need_no_signature_is_401(
    deployment: Deployment, alice: User
) -> None:
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    payload = alice.token.split(".")[1]

    response = User(deployment.url, f"{header}.{payload}.").get("/items")

    assert response.status_code == 401


def test_the_lambda_authorizer_takes_the_same_tokens(deployment: Deployment, alice: User) -> None:
    """The alternative authorizer (one stack value) judges the pool's real tokens by the pool's real keys."""
    authorizer = deployment.outputs.get("lambda", "alias_arns")["authorizer"]

    def judge(token: str) -> dict[str, object]:
        event = {
            "version": "2.0",
            "type": "REQUEST",
            "routeArn": "arn:aws:execute-api:us-east-1:000000000000:api/$default/GET/items",
            "identitySource": [f"Bearer {token}"],
            "routeKey": "GET /items",
            "rawPath": "/items",
            "rawQueryString": "",
            "headers": {"authorization": f"Bearer {token}"},
            "requestContext": {
                "accountId": "000000000000",
                "apiId": "api",
                "http": {"method": "GET", "path": "/items"},
                "requestId": "e2e",
                "routeKey": "GET /items",
                "stage": "$default",
            },
        }
        answer = deployment.client("lambda").invoke(
            FunctionName=authorizer, Payload=json.dumps(event).encode()
        )
        assert "FunctionError" not in answer, answer["Payload"].read()
        judgement: dict[str, object] = json.loads(answer["Payload"].read())
        return judgement

    assert judge(alice.token)["isAuthorized"] is True
    header, payload, signature = alice.token.split(".")
    tampered = signature[:-8] + ("AAAAAAAA" if not signature.endswith("AAAAAAAA") else "BBBBBBBB")
    assert judge(f"{header}.{payload}.{tampered}")["isAuthorized"] is False


@pytest.fixture(scope="module")
def machine(deployment: Deployment) -> User:
    """A program that exchanged its client's id and secret for a token."""
    pool = deployment.outputs.get("cognito", "user_pool_id")
    client = deployment.client("cognito-idp").describe_user_pool_client(
        UserPoolId=pool, ClientId=deployment.outputs.get("cognito", "machine_client_id")
    )["UserPoolClient"]
    answer = requests.post(
        deployment.outputs.get("cognito", "token_url"),
        data={"grant_type": "client_credentials"},
        auth=(client["ClientId"], client["ClientSecret"]),
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    return User(deployment.url, answer.json()["access_token"])


def test_a_machine_may_do_what_its_scopes_say(machine: User) -> None:
    assert machine.get("/items").status_code == 200
    assert machine.place_order(ORDER).status_code == 201


def test_a_machine_may_do_nothing_else(machine: User) -> None:
    """`profile.write` is not among the scopes of stacks/catalog/cognito.yaml."""
    assert machine.request("PUT", "/users/me", json={"name": "Robot"}).status_code == 403


def test_a_page_of_an_allowed_origin_may_call_the_api_and_another_may_not(
    deployment: Deployment,
) -> None:
    def preflight(origin: str) -> requests.Response:
        asked = {
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
        }
        return requests.options(f"{deployment.url}/orders", headers=asked, timeout=30)

    assert (
        preflight("http://localhost:3000").headers["Access-Control-Allow-Origin"]
        == "http://localhost:3000"
    )
    assert "Access-Control-Allow-Origin" not in preflight("https://evil.example").headers
