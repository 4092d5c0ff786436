"""What a start finds ready in the bundle: the methods of its dataclasses and its patterns, compiled beforehand."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deployment.distributions import BundleError
from deployment.made_ahead import PLACE, made_ahead
from skill.made_ahead import FOR
from tests.deployment.bundles import unpacked

COUNTED = """
import dataclasses, json, re, sys
sys.path.insert(0, sys.argv[1])
compiled = {"methods": 0, "patterns": 0}

def execute(text, of_module, of_function=None):
    compiled["methods"] += isinstance(text, str)
    exec(text, of_module, of_function)

compile_pattern = re._compiler.compile

def compile_anew(pattern, flags=0):
    compiled["patterns"] += 1
    return compile_pattern(pattern, flags)

re._compiler.compile = compile_anew
from skill import made_ahead
compiled.update(methods=0, patterns=0)
used = made_ahead.use()
# What `use` put in its place hands over what it doesn't know, and that is counted.
vars(made_ahead if used else dataclasses)["exec"] = execute
import lambda_function
from skill.coaching.amounts import Amount
from skill.session_log import make_client
make_client("http://127.0.0.1:9", "us-east-1")
one, same = Amount(900, "minutes"), Amount(900, "minutes")
print(json.dumps({
    "used": used,
    **compiled,
    "amount": [repr(one), one == same, hash(one) == hash(same)],
    "pattern": re.compile("a(?P<b>[bé]+)", re.IGNORECASE).fullmatch("ABÉ")["b"],
}))
"""
"""A start that counts what it compiles although it could be ready."""


def start(folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-s", "-S", "-P", "-B", "-c", COUNTED, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={})
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def with_file(folder: Path, data: bytes | None) -> Path:
    """The bundle as it is, but for this file in the place of what was made ahead."""
    shutil.copytree(unpacked() / "skill", folder / "skill")
    for part in unpacked().iterdir():
        if part.name != "skill":
            os.symlink(part, folder / part.name)
    (folder / PLACE).unlink()
    if data is not None:
        (folder / PLACE).write_bytes(data)
    return folder


def test_a_start_from_the_bundle_compiles_next_to_nothing() -> None:
    found = start(unpacked())
    assert found["used"]
    assert found["methods"] == 0
    assert found["patterns"] <= 1, "the pattern of this test alone"


@pytest.mark.parametrize("data", [None, b"", b"of another Python" * 9])
def test_without_the_file_or_with_one_for_another_python_all_is_compiled_and_is_the_same(
    data: bytes | None, tmp_path: Path
) -> None:
    found = start(with_file(tmp_path, data))
    assert not found["used"]
    assert found["methods"] > 10
    assert found["patterns"] > 10
    ready = start(unpacked())
    assert [found["amount"], found["pattern"]] == [ready["amount"], ready["pattern"]]
    assert found["pattern"] == "BÉ"


def test_it_says_which_python_it_is_for() -> None:
    assert (unpacked() / PLACE).read_bytes().startswith(FOR)


def test_a_bundle_that_cannot_be_started_is_not_made() -> None:
    broken = {"skill/__init__.py": b"", "skill/made_ahead.py": b"FOR = b''", "lambda_function.py": b"raise OSError(7)"}
    with pytest.raises(BundleError, match="can't start the bundle: OSError: 7"):
        made_ahead(broken, Path(sys.executable))
