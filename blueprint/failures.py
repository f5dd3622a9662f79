"""Turns what libraries and the system raise into errors that a person can act on."""

from botocore.exceptions import BotoCoreError, ClientError

from blueprint.errors import BlueprintError

# What is expected to go wrong outside this program; anything else is a defect, and keeps its traceback.
EXPECTED = (BlueprintError, ClientError, BotoCoreError, OSError)


def explain(error: BaseException) -> BlueprintError:
    """`error`, one of EXPECTED, with what can be done about it."""
    if isinstance(error, BlueprintError):
        return error
    if isinstance(error, ClientError | BotoCoreError):
        return BlueprintError(
            f"AWS: {error}", remedy="check the credentials in use and that the stack is applied"
        )
    return BlueprintError(str(error), remedy="check free space and permissions of the named path")
