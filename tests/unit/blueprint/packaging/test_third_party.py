from pathlib import Path

import pytest

from blueprint.errors import BlueprintError, UsageError
from blueprint.packaging.third_party import select

from .conftest import ARM64_ELF, X86_64_ELF, WheelHouse

PLACE = "services/api/handler.py:1"


def test_a_distribution_no_import_leads_to_is_left_out(
    wheel_house: WheelHouse, tmp_path: Path
) -> None:
    wheel_house.add("used", {"used/__init__.py": ""})
    wheel_house.add("idle", {"idle/__init__.py": ""})

    selection = select(wheel_house.unpack(tmp_path / "installed"), {"used": PLACE}, role="api")

    assert selection.distributions == {"used": "1.0"}
    assert selection.left_out == {"idle": "1.0"}
    assert not [path for path in selection.files if path.startswith("idle")]


def test_requirements_are_kept_and_extras_only_where_an_import_reaches_them(
    wheel_house: WheelHouse, tmp_path: Path
) -> None:
    wheel_house.add(
        "tools",
        {
            "tools/__init__.py": "from tools import tracing\n",
            "tools/tracing.py": 'SDK = "trace_sdk"\nsdk = Lazy(SDK)\n',
            "tools/parser.py": "import heavy\n",
        },
        requires=("Plain.Dep>=1", 'trace-sdk; extra == "tracer"', 'heavy; extra == "parser"'),
    )
    wheel_house.add("plain_dep", {"plain_dep.py": ""})
    wheel_house.add("trace_sdk", {"trace_sdk/__init__.py": ""})
    wheel_house.add("heavy", {"heavy/__init__.py": ""})

    selection = select(
        wheel_house.unpack(tmp_path / "installed"), {"tools.Tracer": PLACE}, role="api"
    )

    assert set(selection.distributions) == {"tools", "plain-dep", "trace-sdk"}
    assert set(selection.left_out) == {"heavy"}


def test_a_declared_distribution_is_kept_without_an_import(
    wheel_house: WheelHouse, tmp_path: Path
) -> None:
    wheel_house.add("plug_in", {"plug_in.py": ""})
    installed = wheel_house.unpack(tmp_path / "installed")

    assert set(select(installed, {}, role="api", declared=["plug-in"]).distributions) == {"plug-in"}
    with pytest.raises(UsageError, match=r"packages\.api\.distributions names other"):
        select(installed, {}, role="api", declared=["other"])


def test_tests_stubs_sources_and_installer_records_are_left_out(
    wheel_house: WheelHouse, tmp_path: Path
) -> None:
    wheel_house.add(
        "used",
        {
            "used/__init__.py": "from used.docs import text\n",
            "used/__init__.pyi": "",
            "used/py.typed": "",
            "used/fast.pyx": "",
            "used/docs/__init__.py": "",
            "used/docs/text.py": "",
            "used/tests/__init__.py": "",
            "used/tests/data/big.json": "{}",
            "used/table.json": "{}",
            "used-1.0.dist-info/licenses/LICENSE": "MIT",
            "used-1.0.dist-info/entry_points.txt": "",
        },
    )

    selection = select(wheel_house.unpack(tmp_path / "installed"), {"used": PLACE}, role="api")

    assert sorted(selection.files) == [
        "used-1.0.dist-info/METADATA",
        "used-1.0.dist-info/entry_points.txt",
        "used-1.0.dist-info/licenses/LICENSE",
        "used/__init__.py",
        "used/docs/__init__.py",
        "used/docs/text.py",
        "used/table.json",
    ]


def test_an_import_the_lock_does_not_provide_is_refused(
    wheel_house: WheelHouse, tmp_path: Path
) -> None:
    wheel_house.add("used", {"used/__init__.py": ""})

    with pytest.raises(
        BlueprintError, match=r"handler\.py:1: imports orjson, which requirements/api\.txt does not"
    ):
        select(wheel_house.unpack(tmp_path / "installed"), {"orjson": PLACE}, role="api")


def test_an_arm64_binary_is_kept_and_reported(wheel_house: WheelHouse, tmp_path: Path) -> None:
    binary = "fast/_core.cpython-311-aarch64-linux-gnu.so"
    wheel_house.add("fast", {"fast/__init__.py": "from . import _core\n", binary: ARM64_ELF})

    selection = select(wheel_house.unpack(tmp_path / "installed"), {"fast": PLACE}, role="api")

    assert selection.native == [binary]
    assert binary in selection.files


def test_a_binary_for_another_processor_is_refused(wheel_house: WheelHouse, tmp_path: Path) -> None:
    wheel_house.add("fast", {"fast/__init__.py": "", "fast/_core.so": X86_64_ELF})

    with pytest.raises(BlueprintError, match=r"fast 1\.0: fast/_core\.so is not built for arm64"):
        select(wheel_house.unpack(tmp_path / "installed"), {"fast": PLACE}, role="api")


def test_clients_a_library_makes_count_but_not_those_of_the_sdk_itself(
    sdk: WheelHouse, tmp_path: Path
) -> None:
    sdk.add("idempotency", {"idempotency.py": "import boto3\ntable = boto3.client('dynamodb')\n"})

    selection = select(sdk.unpack(tmp_path / "installed"), {"idempotency": PLACE}, role="api")

    assert selection.clients == {"dynamodb"}  # botocore.session would add sqs
