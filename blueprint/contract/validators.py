"""Request validation as plain Python, so that a cold start compiles no schema."""

import re
from collections.abc import Mapping
from typing import Any

import fastjsonschema

from blueprint.contract.openapi import Operation

_DEFINITION = re.compile(r"^def (validate\w+)\(", re.MULTILINE)


def source(contract: Mapping[str, Any], operations: list[Operation]) -> str:
    """The module: fastjsonschema's functions, and a table of them by schema name."""
    names = sorted({o.request_schema for o in operations if o.request_schema is not None})
    code = fastjsonschema.compile_to_code(
        {
            "properties": {name: {"$ref": f"#/components/schemas/{name}"} for name in names},
            "components": {"schemas": contract["components"]["schemas"]},
        },
        use_default=False,
        use_formats=False,
        fast_fail=False,
    )
    # The version of the generator says nothing about the contract; kept, it would change the file
    # with every upgrade.
    code = re.sub(r'^VERSION = "[^"]*"\n', "", code)
    functions = {name: _function_name(code, name) for name in names}
    entries = "".join(f'    "{name}": {function},\n' for name, function in functions.items())
    return (
        f"from collections.abc import Callable\n{code.rstrip()}\n\n\n"
        f"VALIDATORS: dict[str, Callable[[object], object]] = {{\n{entries}}}\n"
    )


def _function_name(code: str, schema: str) -> str:
    suffix = f"_{schema}".lower()
    (name,) = (found for found in _DEFINITION.findall(code) if found.endswith(suffix))
    return str(name)
