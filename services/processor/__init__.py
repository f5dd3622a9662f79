"""Confirms the orders announced on the queue."""
