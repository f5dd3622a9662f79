"""Builds one deployable zip per function, the same bytes from the same inputs, and a manifest of them."""
