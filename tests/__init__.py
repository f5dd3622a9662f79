"""Tests, by what they need: unit nothing, integration moto, the others a tool or a running stack."""
