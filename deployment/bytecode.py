"""The bytecode in the bundle. Lambda can't keep any of its own: without it, every cold start compiles all anew."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from deployment.distributions import BundleError

TASK_ROOT: Final = "/var/task"
"""Where Lambda unpacks a function's code; tracebacks name files there."""

# "Unchecked": the bytecode is taken as it is, whatever the time stamps of the sources. That also makes it reproducible.
_COMPILE = """
import os, py_compile, sys, warnings
warnings.simplefilter("ignore")
folder, root = sys.argv[1:]
for place in sys.stdin.read().splitlines():
    py_compile.compile(
        os.path.join(folder, place), dfile=f"{root}/{place}", doraise=True,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
"""


def interpreter_for(runtime: str) -> Path | None:
    """A Python of this very minor version, such as "3.13", on this machine; None when there is none.

    Bytecode of another minor version would not be read. Looked for: this one, the PATH, and pyenv's.
    """
    return next((python for python in _candidates(runtime) if version_of(python) == runtime), None)


def version_of(python: Path) -> str | None:
    """The minor version of an interpreter, such as "3.13"; None when it can't be run."""
    program = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run(  # noqa: S603 - an interpreter that was named, or found under its own name
            [python, "-I", "-S", "-c", program], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None


def compiled(sources: Mapping[str, bytes], python: Path) -> dict[str, bytes]:
    """The bytecode of these sources, by its place beside them, made by this interpreter.

    Raises:
        BundleError: when a source can't be compiled.
    """
    modules = sorted(place for place in sources if place.endswith(".py"))
    with TemporaryDirectory() as name:
        folder = Path(name)
        for place in modules:
            path = folder / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(sources[place])
        compile_files(folder, modules, python)
        return {
            path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("__pycache__/*.pyc"))
        }


def compile_files(folder: Path, modules: list[str], python: Path, root: str = TASK_ROOT) -> None:
    """Write the bytecode of these modules of a folder beside them; tracebacks will name them as lying in `root`.

    Raises:
        BundleError: when one can't be compiled.
    """
    done = subprocess.run(  # noqa: S603 - our own program
        # Not -I, which would forget the hash seed; with a fixed one, and nothing from outside, the outcome is the same.
        [python, "-s", "-S", "-P", "-c", _COMPILE, folder, root],
        input="\n".join(modules),
        env={"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last_line = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise BundleError(f"{python} can't compile the bundle: {last_line}")


def _candidates(runtime: str) -> Iterator[Path]:
    yield Path(sys.executable)
    on_path = shutil.which(f"python{runtime}")
    if on_path:
        yield Path(on_path)
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob(f"versions/{runtime}*/bin/python"))
