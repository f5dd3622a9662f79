"""GitHub's workflow files: what they may contain, and what GitHub does with the jobs in them."""
