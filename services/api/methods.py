# Generated from services/api/openapi.yaml by `blueprint contract render`; do not edit.
"""The methods of each path, as an Allow header lists them."""

ALLOWED_METHODS: dict[str, str] = {
    "/health": "GET",
    "/users/me": "GET, PUT",
    "/items": "GET",
    "/items/{item_id}": "GET",
    "/orders": "GET, POST",
    "/orders/{order_id}": "GET",
}
