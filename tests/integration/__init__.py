"""Handlers end to end on moto, with events as AWS sends them."""
