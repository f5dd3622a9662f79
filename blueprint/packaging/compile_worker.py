"""Compiles sources to bytecode; run by path under the target's Python, it imports nothing of this repository.

usage: python compile_worker.py JOB RESULT
JOB     a JSON list of {"path": path below /var/task, "source": base64}
RESULT  a JSON list, one per source: {"bytecode": base64} or {"error": message, "line": number}
"""

import base64
import json
import marshal
import sys
import warnings
from importlib.util import MAGIC_NUMBER, source_hash
from pathlib import Path

# PEP 552: bit 0 says that the file carries a hash of its source, bit 1 (unset) that an import compares the two.
_UNCHECKED_HASH = (0b01).to_bytes(4, "little")
_LAMBDA_ROOT = "/var/task"


def compile_source(path: str, source: bytes) -> bytes:
    """The `.pyc` of `source`: it names no time and no place of the build, so the same source gives the same bytes."""
    code = compile(source, f"{_LAMBDA_ROOT}/{path}", "exec", dont_inherit=True, optimize=0)
    return MAGIC_NUMBER + _UNCHECKED_HASH + source_hash(source) + marshal.dumps(code)


def _result(path: str, source: bytes) -> dict[str, object]:
    try:
        return {"bytecode": base64.b64encode(compile_source(path, source)).decode()}
    except (SyntaxError, ValueError) as error:
        return {"error": str(error), "line": getattr(error, "lineno", None)}


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # other people's escape sequences are not ours to report
    job, result = map(Path, sys.argv[1:])
    result.write_text(
        json.dumps(
            [
                _result(entry["path"], base64.b64decode(entry["source"]))
                for entry in json.loads(job.read_text())
            ]
        )
    )
