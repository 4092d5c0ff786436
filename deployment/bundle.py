"""`make bundle`: the zip that AWS Lambda runs, the same byte for byte from the same sources.

In it are the skill, the libraries it needs, their bytecode and their licences; nothing of the desk, and nothing that
belongs to one kind of processor.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from deployment.bytecode import compiled, interpreter_for, version_of
from deployment.distributions import ROOT, BundleError, Library, direct_needs, library, pins, with_their_needs
from deployment.made_ahead import PLACE, made_ahead
from deployment.trim import LEFT_OUT, trimmed

RUNTIME: Final = "3.13"
"""The Python of Lambda's runtime, as in infrastructure/template.yaml."""

TARGET: Final = ROOT / "dist" / "lambda.zip"
DOOR: Final = "lambda/lambda_function.py"

LARGEST_ZIPPED: Final = 50_000_000
LARGEST_UNPACKED: Final = 250_000_000
"""Bytes that Lambda takes at most (Lambda developer guide, quotas)."""

_MADE_FROM: Final = (".toml", ".sha256", ".md")
"""What the skill's own files are made from, and marks of that. The skill doesn't read them."""

_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
_READABLE_FILE: Final = 0o100644


@dataclass(frozen=True)
class Bundle:
    """A bundle that was made.

    Attributes:
        path: the zip.
        sha256: the hash of the zip.
        zipped: its bytes.
        unpacked: the bytes of what is in it.
        modules: how many Python modules it holds.
        python: the interpreter that made the bytecode; None for a bundle without any.
        libraries: what it holds besides the skill, with versions.
    """

    path: Path
    sha256: str
    zipped: int
    unpacked: int
    modules: int
    python: Path | None
    libraries: tuple[str, ...]


def build(target: Path, runtime: str = RUNTIME, python: Path | None = None) -> Bundle:
    """Make the bundle. The zip is there whole or, after an error, as it was before.

    Args:
        target: where the zip goes; its folder is made if need be.
        runtime: the Python that it will run on, such as "3.13".
        python: the interpreter that makes the bytecode; None for one without bytecode.

    Raises:
        BundleError: when it can't be made.
    """
    pinned = pins()
    libraries = [library(name, pinned.get(name)) for name in with_their_needs(direct_needs(), runtime, LEFT_OUT)]
    files = {**_own_files(), **_library_files(libraries)}
    modules = [place for place in files if place.endswith(".py")]
    if python is not None:
        files |= compiled(files, python)
        files[PLACE] = made_ahead(files, python)
    zipped = _write(target, files)
    unpacked = sum(len(data) for data in files.values())
    if zipped > LARGEST_ZIPPED or unpacked > LARGEST_UNPACKED:
        raise BundleError(
            f"{target} is {_megabytes(zipped)} and {_megabytes(unpacked)} unpacked; Lambda takes no more than "
            f"{_megabytes(LARGEST_ZIPPED)} and {_megabytes(LARGEST_UNPACKED)}"
        )
    return Bundle(
        path=target,
        sha256=hashlib.sha256(target.read_bytes()).hexdigest(),
        zipped=zipped,
        unpacked=unpacked,
        modules=len(modules),
        python=python,
        libraries=tuple(f"{part.name} {part.version}" for part in libraries),
    )


def _own_files() -> dict[str, bytes]:
    """The skill and its door, by place in the zip."""
    files = {Path(DOOR).name: (ROOT / DOOR).read_bytes()}
    for path in (ROOT / "skill").rglob("*"):
        hidden = any(part.startswith((".", "__pycache__")) for part in path.relative_to(ROOT).parts)
        if path.is_file() and not hidden and not path.name.endswith(("~", *_MADE_FROM)):
            files[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    return files


def _library_files(libraries: Sequence[Library]) -> dict[str, bytes]:
    """The libraries and their licences, by place in the zip."""
    files: dict[str, bytes] = {}
    changed: list[str] = []
    notes = ["What is in this bundle besides Hip Coach, unchanged but for what is left out:", ""]
    for part in libraries:
        kept, smaller = trimmed(part.files)
        files |= kept
        changed += smaller
        folder = f"licenses/{part.name}-{part.version}"
        files |= {f"{folder}/{name}": text for name, text in part.licences.items()}
        # Amazon's SDK for Alexa says in its metadata that it is under the Apache License 2.0, and brings no text of it.
        where = folder if part.licences else "Apache License 2.0, as in licenses/ask-sdk-model-*/LICENSE"
        notes.append(f"- {part.name} {part.version}: {where}")
    notes += [
        "",
        "Made smaller (documentation, other services) or quicker to load, and so not as published:",
        "",
    ]
    notes += [f"- {place}" for place in changed]
    files["licenses/README.txt"] = ("\n".join(notes) + "\n").encode()
    return files


def _write(target: Path, files: Mapping[str, bytes]) -> int:
    """Write the zip: sorted, with one time and one permission for all. Returns its size in bytes."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}", delete=False) as raw:
            try:
                with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
                    for place in sorted(files):
                        entry = zipfile.ZipInfo(place, _LONG_AGO)
                        entry.create_system = 3  # Unix, on whatever system it was made
                        entry.external_attr = _READABLE_FILE << 16
                        entry.compress_type = zipfile.ZIP_DEFLATED
                        archive.writestr(entry, files[place])
                raw.close()
                Path(raw.name).chmod(_READABLE_FILE & 0o777)
                os.replace(raw.name, target)
            except BaseException:
                Path(raw.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise BundleError(f"{target} can't be written ({error.strerror}): name another place with --output") from None
    return target.stat().st_size


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the bundle and say what it is. Returns the exit code: 0, or 2 when it couldn't be made."""
    parser = argparse.ArgumentParser(prog="make bundle", description="Make the zip that AWS Lambda runs.")
    parser.add_argument("--output", type=Path, default=TARGET, help="the zip to write; dist/lambda.zip by default")
    parser.add_argument("--runtime", default=f"python{RUNTIME}", help="Lambda's runtime; %(default)s by default")
    parser.add_argument("--python", type=Path, help="the interpreter for the bytecode; one is looked for by default")
    options = parser.parse_args(arguments)
    try:
        bundle = _made(options.output, options.runtime, options.python)
    except BundleError as problem:
        print(f"hip-coach: {problem}", file=sys.stderr)
        return 2
    _describe(bundle, options.runtime)
    return 0


def _made(output: Path, runtime: str, python: Path | None) -> Bundle:
    version = re.fullmatch(r"python(3\.\d+)", runtime)
    if version is None:
        raise BundleError(f"there is no runtime {runtime!r}: it is a Python of Lambda's, such as python{RUNTIME}")
    if python is not None and version_of(python) != version[1]:
        found = version_of(python) or "no Python"
        raise BundleError(f"{python} is {found}, and bytecode for {runtime} is wanted: name a Python {version[1]}")
    return build(output, version[1], python or interpreter_for(version[1]))


def _describe(bundle: Bundle, runtime: str) -> None:
    inside = f"{bundle.modules} modules" + (" with their bytecode" if bundle.python else ", WITHOUT bytecode")
    print(bundle.path)
    print(f"  for     {runtime} on AWS Lambda, x86_64 or arm64")
    print(f"  holds   Hip Coach, {', '.join(bundle.libraries)}")
    print(f"          {inside}")
    print(f"  size    {_megabytes(bundle.zipped)} zipped, {_megabytes(bundle.unpacked)} unpacked")
    print(f"  sha256  {bundle.sha256}")
    if bundle.python is None:
        minor = runtime.removeprefix("python")
        print(
            f"hip-coach: there is no Python {minor} on this machine, so the bundle has no bytecode. It works, but each "
            f"cold start takes about three times as long. Install Python {minor}, or name one with "
            f'ARGS="--python PATH".',
            file=sys.stderr,
        )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


if __name__ == "__main__":
    sys.exit(main())
