"""The environment in which AWS clients (Terraform, Atmos, boto3, the AWS CLI) reach an instance."""

import os
from collections.abc import Mapping

from blueprint.emulator.instance import ACCOUNT, HOST, REGION, Instance

# MiniStack takes an access key of twelve digits for the root user of the account of that number.
SECRET = "test"  # noqa: S105 (the published default of the emulator, which only listens on loopback)


def environment(instance: Instance, *, account: str = ACCOUNT) -> dict[str, str]:
    """The variables that point AWS clients at `instance`, as the administrator of `account`.

    They are not enough on top of an environment with AWS settings of the user's own: pass that
    through `client_environment`.
    """
    return {
        "AWS_ENDPOINT_URL": instance.url,
        # Terraform's S3 backend and Atmos's state reader heed only this one.
        "AWS_ENDPOINT_URL_S3": instance.url,
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        # The user's profiles may name a role, an endpoint or a process to ask for credentials.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def client_environment(
    instance: Instance, base: Mapping[str, str], *, account: str = ACCOUNT
) -> dict[str, str]:
    """`base` for a child process that uses `instance`: none of its AWS settings, no proxy between.

    Everything called AWS_* goes: a profile, a session token or an endpoint for a single service
    would send a call past the instance, to an account of the user's.
    """
    kept = {name: value for name, value in base.items() if not name.startswith("AWS_")}
    direct = [base.get("no_proxy") or base.get("NO_PROXY", ""), HOST, "localhost"]
    no_proxy = ",".join(filter(None, direct))
    return {
        **kept,
        "NO_PROXY": no_proxy,
        "no_proxy": no_proxy,
        **environment(instance, account=account),
    }
