"""The receipts bucket: one JSON document per confirmed order."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.core.clients import aws_call
from services.core.model import Order
from services.core.representation import receipt_document

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True, slots=True)
class ReceiptBucket:
    client: "S3Client"
    bucket: str

    def put(self, order: Order) -> None:
        """Write the receipt. The content depends on the order alone, so a repeat is harmless."""
        with aws_call():
            self.client.put_object(
                Bucket=self.bucket,
                Key=f"receipts/{order.user_id}/{order.order_id}.json",
                Body=json.dumps(receipt_document(order), sort_keys=True, indent=2).encode(),
                ContentType="application/json",
            )
