"""CKV_BLUEPRINT_1: a Lambda function runs on arm64."""

from typing import Any

from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck


class LambdaIsArm64(BaseResourceCheck):
    def __init__(self) -> None:
        super().__init__(
            name="Ensure a Lambda function runs on arm64",
            id="CKV_BLUEPRINT_1",
            categories=[CheckCategories.GENERAL_SECURITY],
            supported_resources=["aws_lambda_function"],
        )

    def scan_resource_conf(self, conf: dict[str, list[Any]]) -> CheckResult:
        """Passes only where the source says arm64. An absent argument is Lambda's default x86_64,
        and a value checkov cannot read from the source could become anything in a stack."""
        self.evaluated_keys = ["architectures"]
        return (
            CheckResult.PASSED if conf.get("architectures") == [["arm64"]] else CheckResult.FAILED
        )


check = LambdaIsArm64()
