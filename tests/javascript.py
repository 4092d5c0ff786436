"""What tests need of JavaScript's world: node, and what `tests/npm_install` has npm fetch."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def node_for(what: str, fetched: Path, by: Path) -> str:
    """The program that runs JavaScript; without it, or without what was to be fetched, the test is skipped.

    Args:
        what: the package that is needed, by name.
        fetched: where npm puts it.
        by: the folder of the tests that it is fetched for.
    """
    found = shutil.which("node")
    if found is None:
        pytest.skip(f"node isn't here, and {what} runs on it")
    if not (fetched / "installed").exists():
        pytest.skip(f"{what} isn't here: tests/npm_install {by.relative_to(ROOT)} gets it")
    return found
