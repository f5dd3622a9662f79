"""What the replay's tests share: how the small system is called."""

PREFIX = "acme-useast1-prod"
