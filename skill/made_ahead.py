"""Takes what was made when the bundle was made, so that a start of AWS Lambda doesn't make it anew.

At every start `dataclasses` writes the methods of each class as source text and compiles that, and `re` compiles each
pattern; both depend on nothing but the text. That is a fifth of a start. `deployment/made_ahead.py` does it once, and
here the texts and patterns that it met are answered from its file. All others go the usual way, and so do all where
there is no file, or one from another Python.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import marshal
import re
from pathlib import Path
from typing import Any, Final

_compiler: Final[Any] = re._compiler  # type: ignore[attr-defined]
_sre: Final[Any] = _compiler._sre

FILE: Final = Path(__file__).with_suffix(".bin")
"""Where a bundle has it; a checkout has none."""

FOR: Final[bytes] = importlib.util.MAGIC_NUMBER + bytes([_sre.CODESIZE]) + _sre.MAGIC.to_bytes(4, "little")
"""What such a file begins with: for which bytecode and which compiled patterns it is."""


def use(path: Path = FILE) -> bool:
    """Answer from this file from now on. Says whether there is one for this Python."""
    try:
        data = path.read_bytes()
    except OSError:
        return False
    if not data.startswith(FOR):
        return False
    methods, patterns = marshal.loads(data[len(FOR) :])  # noqa: S302 - our own bundle, as its bytecode is

    def execute(text: str, of_module: dict[str, Any], of_function: dict[str, Any] | None = None) -> None:
        exec(methods.get(text, text), of_module, of_function)  # noqa: S102 - what dataclasses does itself

    compile_pattern = _compiler.compile

    def compiled(pattern: str | bytes, flags: int = 0) -> re.Pattern[Any]:
        made = patterns.get((pattern, flags))
        found: re.Pattern[Any] = _sre.compile(*made) if made else compile_pattern(pattern, flags)
        return found

    # Found before the built-in one, for a module's own names come first.
    dataclasses.exec = execute  # type: ignore[attr-defined]
    _compiler.compile = compiled
    return True
