"""The API contract: what is generated from services/api/openapi.yaml, and whether it is current."""

from blueprint.contract.generated import check, render

__all__ = ["check", "render"]
