"""Writing the report: new files only, and for the eyes of their owner only."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

from simulator.report.trouble import ReportError

_MOST_COPIES = 999


def write_new(folder: Path, name: str, contents: Mapping[str, bytes]) -> list[Path]:
    """Write files that belong together, under the first name that none of them has yet: name, name-2, name-3, ...

    What is there already stays as it is, so nothing is ever lost. All files are written, or none.

    Args:
        folder: made if need be.
        name: the name without its ending.
        contents: for each ending (".html") the bytes.

    Raises:
        ReportError: when the folder cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(1, _MOST_COPIES + 1):
            stem = name if number == 1 else f"{name}-{number}"
            paths = {folder / f"{stem}{ending}": content for ending, content in contents.items()}
            if not any(os.path.lexists(path) for path in paths) and _write_all(paths):
                return list(paths)
    except OSError as problem:
        raise ReportError(
            f"the report cannot be written in {folder} ({problem.strerror}): choose another folder with --out"
        ) from None
    raise ReportError(f"{folder} is full of reports of today: choose another folder with --out")


def _write_all(paths: Mapping[Path, bytes]) -> bool:
    """Write every file; False, and none, when somebody else made one of them at the same moment."""
    made: list[Path] = []
    try:
        for path, content in paths.items():
            # What it holds is personal, so nobody else may read it, at no moment.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            made.append(path)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
    except OSError as problem:
        for path in made:
            with contextlib.suppress(OSError):
                path.unlink()
        if isinstance(problem, FileExistsError):
            return False
        raise
    return True
