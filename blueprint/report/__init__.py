"""What people read of a delivery: the pull request's comment, issues about drift and failures, step summaries."""
