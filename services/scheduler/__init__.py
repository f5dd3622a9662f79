"""Announces again what never reached the processor."""
