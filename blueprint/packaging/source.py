"""Reads one Python file's facts without running it: what it imports and which AWS services it names."""

import ast
from dataclasses import dataclass
from functools import cache
from threading import Lock

_DYNAMIC = {"__import__", "import_module"}
_CLIENT_MAKERS = ("client", "resource")
_READING = Lock()


@dataclass(frozen=True)
class Import:
    """`import name`, or `from .name import members` with its `level` of dots."""

    name: str
    level: int
    members: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Facts:
    """What one file says.

    Its imports, the lines that import by a computed name, the AWS services whose client (or boto3 resource) it asks for
    by a literal, and every string literal that could be a module's name.
    """

    imports: tuple[Import, ...]
    dynamic_lines: tuple[int, ...]
    clients: frozenset[str]
    resources: frozenset[str]
    names: frozenset[str]


def read(source: bytes) -> Facts:
    """The facts of `source`. SyntaxError if it is not Python. Cached: the functions share most of their files."""
    with _READING:  # functions are packaged in threads, and would otherwise parse the same file at the same time
        return _read(source)


@cache
def _read(source: bytes) -> Facts:
    reader = _Reader()
    reader.visit(ast.parse(source))
    return Facts(
        imports=tuple(reader.imports),
        dynamic_lines=tuple(reader.dynamic_lines),
        clients=frozenset(reader.services["client"]),
        resources=frozenset(reader.services["resource"]),
        names=frozenset(reader.names),
    )


class _Reader(ast.NodeVisitor):
    def __init__(self) -> None:
        self.imports: list[Import] = []
        self.dynamic_lines: list[int] = []
        self.services: dict[str, set[str]] = {maker: set() for maker in _CLIENT_MAKERS}
        self.names: set[str] = set()

    def visit_If(self, node: ast.If) -> None:
        # What only the type checker reads never runs, and its stubs are not deployed.
        if _last_name(node.test) == "TYPE_CHECKING":
            for statement in node.orelse:
                self.visit(statement)
        else:
            self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        self.imports += [Import(alias.name, 0, (), node.lineno) for alias in node.names]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        members = tuple(alias.name for alias in node.names)
        self.imports.append(Import(node.module or "", node.level, members, node.lineno))

    def visit_Call(self, node: ast.Call) -> None:
        callee = _last_name(node.func)
        if callee in _DYNAMIC:
            self.dynamic_lines.append(node.lineno)
        named = [keyword.value for keyword in node.keywords if keyword.arg == "service_name"]
        for argument in [*node.args[:1], *named]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                for maker in _CLIENT_MAKERS:
                    # By the callee's name, not its type: a factory of one's own, `make_client("sqs")`, counts too.
                    if maker in callee.lower():
                        self.services[maker].add(argument.value)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and node.value.replace(".", "").isidentifier():
            self.names.add(node.value)


def _last_name(node: ast.expr) -> str:
    """`client` of `boto3.client`, `TYPE_CHECKING` of `typing.TYPE_CHECKING`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
