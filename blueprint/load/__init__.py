"""Load on a deployed stack, on demand."""
