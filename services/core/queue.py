"""The orders queue, as a publisher of messages."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from services.core.errors import PublishError
from services.core.messages import OrderMessage

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class OrderQueue:
    client: "SQSClient"
    queue_url: str

    def publish(self, message: OrderMessage) -> None:
        try:
            self.client.send_message(QueueUrl=self.queue_url, MessageBody=message.to_json())
        except (ClientError, BotoCoreError) as error:
            raise PublishError("the queue did not take the message") from error
