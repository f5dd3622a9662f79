"""What the functions share: the domain, and its adapters to DynamoDB, SQS and S3."""
