"""GitHub's OpenID Connect provider: an account has one, and it may have been there before."""

from typing import Any, Literal

from blueprint.errors import BlueprintError

HOST = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"


def owner(iam: Any, *, deployed: str | None) -> Literal["create", "existing"]:
    """Whether the template is to make the provider, given its parameter OidcProvider of the last time.

    Raises BlueprintError when the one that is there is not for AWS STS.
    """
    arn = find(iam)
    if arn is None or deployed == "create":
        return "create"
    audiences = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)["ClientIDList"]
    if AUDIENCE not in audiences:
        raise BlueprintError(
            f"the account's provider for GitHub does not accept tokens for {AUDIENCE}",
            remedy="aws iam add-client-id-to-open-id-connect-provider"
            f" --open-id-connect-provider-arn {arn} --client-id {AUDIENCE}",
        )
    return "existing"


def find(iam: Any) -> str | None:
    """The ARN of the account's provider for GitHub, None when it has none."""
    listed = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    arns = (str(item["Arn"]) for item in listed)
    return next((arn for arn in arns if arn.endswith(f":oidc-provider/{HOST}")), None)
