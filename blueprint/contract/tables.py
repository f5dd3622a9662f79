"""The route tables that functions look up: scopes for the authorizer, methods for the API."""

from blueprint.contract.openapi import Operation


def scopes_source(operations: list[Operation]) -> str:
    entries = "".join(
        f'    "{operation.route_key}": "{operation.scope}",\n'
        for operation in operations
        if operation.scope is not None
    )
    return (
        '"""The scope a machine client needs for each protected route."""\n\n'
        f"ROUTE_SCOPES: dict[str, str] = {{\n{entries}}}\n"
    )


def methods_source(operations: list[Operation]) -> str:
    methods: dict[str, list[str]] = {}
    for operation in operations:
        methods.setdefault(operation.path, []).append(operation.method)
    entries = "".join(
        f'    "{path}": "{", ".join(sorted(allowed))}",\n' for path, allowed in methods.items()
    )
    return (
        '"""The methods of each path, as an Allow header lists them."""\n\n'
        f"ALLOWED_METHODS: dict[str, str] = {{\n{entries}}}\n"
    )
