"""Makes an account ready for delivery: state bucket, plan bucket, and the roles GitHub Actions takes there."""
