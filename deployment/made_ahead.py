"""What each start of the skill would make anew, made once for the bundle: see `skill/made_ahead.py`, which uses it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from deployment.distributions import BundleError

PLACE: Final = "skill/made_ahead.bin"
"""Where it lies in the bundle."""

# A start as on Lambda, with the log's client and the understanding, which the first turns need. Nothing is sent.
# It is written down in the order of the texts, and compiled apart from the start, so that the bytes are the same.
_MAKE: Final = """
import dataclasses, marshal, re, sys, _sre
sys.path.insert(0, sys.argv[1])

texts, patterns = set(), {}

def execute(text, of_module, of_function=None):
    texts.add(text)
    exec(text, of_module, of_function)

class Sre:
    def __getattr__(self, name):
        return getattr(_sre, name)

    def compile(self, pattern, flags, code, *rest):
        # The parser's numbers have names, which marshal can't write.
        self.made = (pattern, int(flags), [int(number) for number in code], *rest)
        return _sre.compile(*self.made)

compile_pattern = re._compiler.compile

def compiled(pattern, flags=0):
    result = compile_pattern(pattern, flags)
    patterns[pattern, int(flags)] = re._compiler._sre.made
    return result

re._compiler._sre = Sre()
from skill import made_ahead
dataclasses.exec, re._compiler.compile = execute, compiled

import lambda_function
from skill.coaching.understanding import understand
from skill.session_log import make_client
make_client("http://127.0.0.1:9", "us-east-1")
understand("hello")

re._compiler.compile = compile_pattern
methods = {text: compile(text, "<string>", "exec", dont_inherit=True) for text in sorted(texts)}
in_order = sorted(patterns, key=lambda key: (isinstance(key[0], bytes), repr(key)))
sys.stdout.buffer.write(made_ahead.FOR + marshal.dumps((methods, {key: patterns[key] for key in in_order})))
"""


def made_ahead(bundle: Mapping[str, bytes], python: Path) -> bytes:
    """What this interpreter makes at a start of this bundle.

    Args:
        bundle: its files by place.
        python: an interpreter of the version that the bundle is for.

    Raises:
        BundleError: when the bundle can't be started.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        for place, data in bundle.items():
            path = folder / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        done = subprocess.run(  # noqa: S603 - our own program
            # As in deployment/bytecode.py; -B, for the bytecode of this folder is not for keeping.
            [python, "-s", "-S", "-P", "-B", "-W", "ignore", "-c", _MAKE, folder],
            env={"PYTHONHASHSEED": "0"},
            capture_output=True,
            check=False,
        )
    if done.returncode:
        last_line = (done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no word"])[-1]
        raise BundleError(f"{python} can't start the bundle: {last_line}")
    return done.stdout
