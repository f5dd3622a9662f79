import importlib.util
import marshal
import re
import subprocess
import sys
from pathlib import Path

import pytest

from blueprint.errors import BlueprintError
from blueprint.packaging import bytecode
from blueprint.packaging.bytecode import Source, compile_all
from blueprint.packaging.compile_worker import compile_source

PYTHON = Path(sys.executable)
MODULE = Source(
    "services/api/handler.py",
    b"import json\nNAMES = {'b', 'a'}\ndef handle(zebra):\n    return zebra.stripes\n",
)


def test_bytecode_is_valid_by_hash_and_never_checked(tmp_path: Path) -> None:
    compiled = compile_all([MODULE], python=PYTHON, scratch=tmp_path)[MODULE]

    assert compiled[:4] == importlib.util.MAGIC_NUMBER
    assert int.from_bytes(compiled[4:8], "little") == 0b01
    assert compiled[8:16] == importlib.util.source_hash(MODULE.content)


def test_tracebacks_name_the_place_on_lambda(tmp_path: Path) -> None:
    compiled = compile_all([MODULE], python=PYTHON, scratch=tmp_path)[MODULE]

    assert marshal.loads(compiled[16:]).co_filename == "/var/task/services/api/handler.py"  # noqa: S302


def test_bytes_do_not_depend_on_what_the_process_has_loaded() -> None:
    before = compile_source(MODULE.path, MODULE.content)
    # Found at run time: a literal here would be held from the start.
    held = [sys.intern(name) for name in re.findall(r"\w+", MODULE.content.decode())]

    assert compile_source(MODULE.path, MODULE.content) == before
    assert held


def test_bytes_do_not_depend_on_what_is_compiled_beside(tmp_path: Path) -> None:
    others = [Source(f"other_{number}.py", b"zebra = stripes = 1\n") for number in range(5)]

    alone = compile_all([MODULE], python=PYTHON, scratch=tmp_path)
    among = compile_all([*others, MODULE, MODULE], python=PYTHON, scratch=tmp_path)

    assert among[MODULE] == alone[MODULE]
    assert len(among) == 6


def test_an_import_uses_the_bytecode_and_not_the_source(tmp_path: Path) -> None:
    compiled = compile_all(
        [Source("told.py", b"WHO = 'bytecode'\n")], python=PYTHON, scratch=tmp_path
    )
    package = tmp_path / "package"
    (package / "__pycache__").mkdir(parents=True)
    (package / "told.py").write_text("WHO = 'source'\n")
    tag = sys.implementation.cache_tag
    (package / "__pycache__" / f"told.{tag}.pyc").write_bytes(next(iter(compiled.values())))

    program = f"import sys; sys.path.insert(0, {str(package)!r}); import told; print(told.WHO)"
    said = subprocess.run(
        [PYTHON, "-I", "-B", "-c", program], capture_output=True, text=True, check=True
    )

    assert said.stdout == "bytecode\n"


def test_a_file_for_another_python_has_no_bytecode(tmp_path: Path) -> None:
    legacy = Source("legacy.py", b"print 'hello'\n")

    assert compile_all([legacy, MODULE], python=PYTHON, scratch=tmp_path).keys() == {MODULE}


def test_the_running_interpreter_is_taken_if_it_is_the_runtime_s_version() -> None:
    running = f"{sys.version_info.major}.{sys.version_info.minor}"

    assert bytecode.find_python(running, uv=Path("absent-uv")) == Path(sys.executable)


def test_a_missing_runtime_version_is_an_error_with_its_remedy(tmp_path: Path) -> None:
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\necho 'error: No interpreter found' >&2\nexit 2\n")
    uv.chmod(0o755)

    with pytest.raises(BlueprintError, match=r"Python 3\.99 is missing") as raised:
        bytecode.find_python("3.99", uv=uv)
    assert "No interpreter found" in raised.value.message
    assert "system's own packages" in raised.value.remedy


def test_a_runtime_version_that_the_machine_lacks_is_fetched_into_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """uv, as it behaves where it reaches Python's releases."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    uv = tmp_path / "uv"
    uv.write_text(
        "#!/bin/sh\n"
        'python="$UV_PYTHON_INSTALL_DIR/python3.99"\n'
        'case "$2" in\n'
        'install) mkdir -p "$UV_PYTHON_INSTALL_DIR"; touch "$python" ;;\n'
        'find) [ -e "$python" ] && echo "$python" ;;\n'
        "esac\n"
    )
    uv.chmod(0o755)

    found = bytecode.find_python("3.99", uv=uv)

    assert found == tmp_path / "cache" / "serverless-api-blueprint" / "pythons" / "python3.99"
