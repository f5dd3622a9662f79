"""Writes a zip whose bytes depend on its content alone.

Order, dates, modes and compression level are fixed, and no entry carries an extra field. What is left is the
compressor: the same content gives the same bytes on every machine whose Python is linked to zlib, but not
with a replacement such as zlib-ng. `compressor_is_zlib` tells by trying, and `content_digest` names the
content whatever compressed it. Storing without compression would have no such limit, at three times the bytes
to upload and to fetch at a cold start.
"""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Mapping

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest date a zip can hold
_LEVEL = 6  # 9 takes more than twice as long and saves one percent
_UNIX = 3
_REGULAR = 0o100000
# SHA-256 of what zlib makes of `_sample()`; zlib-ng makes something else.
_ZLIB_SAMPLE = "70d56d9964d833443f4b277090789e9376e6923bfb1f4819c390f2f01015a473"


def pack(contents: Mapping[str, bytes]) -> bytes:
    """The zip of `contents` (by path in the archive): files readable by all, shared objects executable too."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(contents):
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.create_system = _UNIX
            mode = 0o755 if path.endswith(".so") else 0o644
            entry.external_attr = (_REGULAR | mode) << 16
            archive.writestr(entry, contents[path], zipfile.ZIP_DEFLATED, _LEVEL)
    return buffer.getvalue()


def content_digest(contents: Mapping[str, bytes]) -> str:
    """SHA-256 (hex) over the sorted paths and the digests of their content, in the format of `sha256sum`."""
    lines = (f"{hashlib.sha256(contents[path]).hexdigest()}  {path}\n" for path in sorted(contents))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def compressor_is_zlib() -> bool:
    """Whether this interpreter compresses as zlib does, and so names a package as other machines do."""
    compressed = zlib.compress(_sample(), _LEVEL)
    return hashlib.sha256(compressed).hexdigest() == _ZLIB_SAMPLE


def _sample() -> bytes:
    return "".join(
        f"{number * number % 9973} of {number % 89};" for number in range(20_000)
    ).encode()
