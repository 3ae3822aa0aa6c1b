"""A zip of modules with some of them compiled: run by the Python whose bytecode is wanted.

The offline page's Python starts several times faster where it need not compile its own library.
"""

import marshal
import zipfile
from collections.abc import Container
from importlib.util import MAGIC_NUMBER, source_hash
from io import BytesIO

_UNCHECKED = (1).to_bytes(4, "little")  # PEP 552: by hash, and not compared with a source


def compiled(data: bytes, place: str, wanted: Container[str] | None = None) -> bytes:
    """The zip with modules as `.pyc` instead of `.py`; equal bytes for equal input.

    place : where the zip will lie, so that a traceback names the files as an import from source
    wanted : the modules to compile, as `place/name.py`; None: all; the others stay source
    """
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            path, content = f"{place}/{name}", before.read(name)
            if name.endswith(".py") and (wanted is None or path in wanted):
                code = compile(content, path, "exec", dont_inherit=True)
                header = MAGIC_NUMBER + _UNCHECKED + source_hash(content)
                name, content = f"{name}c", header + marshal.dumps(code)
            after.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()
