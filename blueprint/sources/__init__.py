"""Terraform sources as text: what they would fetch, start or call, told before anything does."""
