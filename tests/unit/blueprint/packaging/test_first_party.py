from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from blueprint.errors import BlueprintError, UsageError
from blueprint.packaging import first_party
from blueprint.packaging.config import PackageConfig

Repository = Callable[..., Path]


def test_only_modules_the_handler_reaches_are_packaged(
    repository: Repository, api: PackageConfig
) -> None:
    root = repository(
        {
            "services/api/handler.py": "from services.core import orders\nfrom .routes.items import listed\n",
            "services/api/routes/__init__.py": "",
            "services/api/routes/items.py": "from ...core.model import Item\nlisted = 1\n",
            "services/api/routes/unused.py": "",
            "services/core/orders.py": "import json\n",
            "services/core/model.py": "Item = 1\n",
            "services/core/receipts.py": "",
        }
    )

    found = first_party.collect(api, root)

    assert sorted(found.files) == [
        "services/__init__.py",
        "services/api/__init__.py",
        "services/api/handler.py",
        "services/api/routes/__init__.py",
        "services/api/routes/items.py",
        "services/core/__init__.py",
        "services/core/model.py",
        "services/core/orders.py",
    ]


def test_what_a_package_file_imports_is_reached_through_its_modules(
    repository: Repository, api: PackageConfig
) -> None:
    root = repository(
        {
            "services/api/handler.py": "import services.core.orders.placing\n",
            "services/core/orders/__init__.py": "from .limits import LIMIT\n",
            "services/core/orders/limits.py": "LIMIT = 1\n",
            "services/core/orders/placing.py": "",
        }
    )

    assert "services/core/orders/limits.py" in first_party.collect(api, root).files


def test_an_import_inside_a_function_counts(repository: Repository, api: PackageConfig) -> None:
    root = repository(
        {
            "services/api/handler.py": "def lambda_handler(e, c):\n    from services.core import rare\n",
            "services/core/rare.py": "",
        }
    )

    assert "services/core/rare.py" in first_party.collect(api, root).files


def test_what_only_the_type_checker_imports_stays_out(
    repository: Repository, api: PackageConfig
) -> None:
    root = repository(
        {
            "services/api/handler.py": "import typing\nif typing.TYPE_CHECKING:\n"
            "    import stubs_only\n    from services.core import model\nelse:\n    from services.core import real\n",
            "services/core/model.py": "",
            "services/core/real.py": "",
        }
    )

    found = first_party.collect(api, root)

    assert "services/core/model.py" not in found.files
    assert "services/core/real.py" in found.files
    assert found.external == {}


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            "from services.processor import handler",
            r"handler\.py:1: services\.api\.handler imports another service, services\.processor",
        ),
        ("from services import processor", "imports another service, services.processor"),
        ("from ..processor.handler import x", "imports another service, services.processor"),
        ("import blueprint.paths", r"handler\.py:1: imports blueprint, which is not deployed"),
        (
            "import services.core.absent",
            r"handler\.py:1: there is no module services\.core\.absent",
        ),
        (
            "import importlib\nimportlib.import_module(name)",
            r"handler\.py:2: an import by a computed name",
        ),
        ("__import__('json')", "an import by a computed name"),
        ("def broken(:", r"services/api/handler\.py:1: "),
    ],
)
def test_a_forbidden_import_is_refused_with_its_place(
    repository: Repository, api: PackageConfig, statement: str, message: str
) -> None:
    root = repository(
        {
            "services/api/handler.py": f"{statement}\n",
            "services/processor/__init__.py": "",
            "services/processor/handler.py": "",
            "blueprint/paths.py": "",
        }
    )

    with pytest.raises(BlueprintError, match=message):
        first_party.collect(api, root)


def test_core_may_not_import_a_service_even_that_of_the_package(
    repository: Repository, api: PackageConfig
) -> None:
    root = repository(
        {
            "services/api/handler.py": "from services.core import orders\n",
            "services/core/orders.py": "from services.api import routes\n",
            "services/api/routes.py": "",
        }
    )

    with pytest.raises(
        BlueprintError, match=r"services\.core\.orders imports the service services\.api"
    ):
        first_party.collect(api, root)


def test_a_declared_dynamic_import_is_packaged(repository: Repository, api: PackageConfig) -> None:
    root = repository(
        {
            "services/api/handler.py": "import importlib\nimportlib.import_module('services.core.' + 'plug')\n",
            "services/core/plug.py": "",
        }
    )

    found = first_party.collect(replace(api, dynamic_imports=("services.core.plug",)), root)

    assert "services/core/plug.py" in found.files


def test_imports_from_outside_are_listed_with_their_place(
    repository: Repository, api: PackageConfig
) -> None:
    root = repository({"services/api/handler.py": "import json\n\nimport boto3.session\n"})

    assert first_party.collect(api, root).external == {"boto3.session": "services/api/handler.py:3"}


def test_declared_data_is_packaged_at_its_place(repository: Repository, api: PackageConfig) -> None:
    root = repository({"services/api/handler.py": "", "services/api/schemas/order.json": "{}"})

    found = first_party.collect(replace(api, data=("services/api/schemas/*.json",)), root)

    assert found.files["services/api/schemas/order.json"] == b"{}"
    assert found.modules == 3


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("services/api/*.yaml", "matches no file"),
        ("services/api/*.py", "matches the module"),
        ("services/../secrets.txt", "is not a path below services/"),
        ("README.md", "is not a path below services/"),
    ],
)
def test_a_data_pattern_that_cannot_be_meant_is_refused(
    repository: Repository, api: PackageConfig, pattern: str, message: str
) -> None:
    root = repository({"services/api/handler.py": "", "secrets.txt": "", "README.md": ""})

    with pytest.raises(UsageError, match=message):
        first_party.collect(replace(api, data=(pattern,)), root)


def test_a_missing_handler_is_named(repository: Repository, api: PackageConfig) -> None:
    with pytest.raises(
        BlueprintError, match=r"the handler services\.api\.handler of api does not exist"
    ):
        first_party.collect(api, repository({}))
