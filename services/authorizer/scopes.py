# Generated from services/api/openapi.yaml by `blueprint contract render`; do not edit.
"""The scope a machine client needs for each protected route."""

ROUTE_SCOPES: dict[str, str] = {
    "GET /users/me": "profile.read",
    "PUT /users/me": "profile.write",
    "GET /items": "items.read",
    "GET /items/{item_id}": "items.read",
    "GET /orders": "orders.read",
    "POST /orders": "orders.write",
    "GET /orders/{order_id}": "orders.read",
}
