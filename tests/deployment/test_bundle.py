"""The bundle: what is in it, that it is the same every time, and what is said when it can't be made."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from deployment.bundle import RUNTIME, main
from deployment.bytecode import compiled, interpreter_for, version_of
from deployment.distributions import BundleError, direct_needs, pins, with_their_needs
from deployment.trim import IMPORTED_LATER, LEFT_OUT, SERVICES
from tests.deployment.bundles import THIS_PYTHON, bundle

ROOT = Path(__file__).parents[2]


UNCHECKED_HASH = 0b01


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return contents(bundle().path)


# The same every time


def test_another_folder_another_umask_and_another_hash_seed_make_the_same_bytes(tmp_path: Path) -> None:
    checkout = tmp_path / "another checkout"
    checkout.mkdir()
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, checkout)
    for folder in ("skill", "lambda", "deployment"):
        shutil.copytree(ROOT / folder, checkout / folder, copy_function=shutil.copyfile)
    subprocess.run(
        [sys.executable, "-m", "deployment.bundle", "--runtime", f"python{THIS_PYTHON}", "--python", sys.executable],
        check=True,
        cwd=checkout,
        env={**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": "", "TZ": "Asia/Kolkata"},
        umask=0o077,
        capture_output=True,
    )
    assert (checkout / "dist" / "lambda.zip").read_bytes() == bundle().path.read_bytes()


def test_entries_are_in_order_and_have_one_time_and_one_permission() -> None:
    with zipfile.ZipFile(bundle().path) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted({entry.filename for entry in entries})
    assert {(entry.date_time, entry.external_attr >> 16) for entry in entries} == {((1980, 1, 1, 0, 0, 0), 0o100644)}


# What is in it


def test_it_holds_the_skill_and_what_it_needs_and_nothing_else(files: dict[str, bytes]) -> None:
    assert {place.split("/")[0] for place in files} == {
        "__pycache__",
        "ask_sdk_core",
        "ask_sdk_model",
        "ask_sdk_runtime",
        "boto3",
        "botocore",
        "dateutil",
        "jmespath",
        "lambda_function.py",
        "licenses",
        "s3transfer",
        "six.py",
        "skill",
        "urllib3",
    }


def test_it_holds_nothing_for_one_processor_nothing_of_the_desk_and_no_content_that_is_not_read(
    files: dict[str, bytes],
) -> None:
    unwanted = re.compile(r"\.(so|pyd|dll|dylib|toml|pyi|sha256)$|(^|/)tests?/|\.dist-info/")
    assert [place for place in files if unwanted.search(place)] == []


def test_what_the_skill_reads_is_as_in_the_checkout(files: dict[str, bytes]) -> None:
    for part in ("content/en/compiled/therapy.json", "coaching/understanding/classifier.bin", "app.py"):
        assert files[f"skill/{part}"] == (ROOT / "skill" / part).read_bytes()


def test_every_module_has_bytecode_that_is_taken_unchecked(files: dict[str, bytes]) -> None:
    sources = [place for place in files if place.endswith(".py")]
    bytecode = {place: data for place, data in files.items() if place.endswith(".pyc")}
    assert len(sources) == bundle().modules
    assert {place.replace("__pycache__/", "").rsplit(".", 2)[0] + ".py" for place in bytecode} == set(sources)
    for place, data in bytecode.items():
        assert data[:4] == importlib.util.MAGIC_NUMBER, place
        assert int.from_bytes(data[4:8], "little") == UNCHECKED_HASH, place


def test_every_library_that_the_skill_imports_is_in_it(files: dict[str, bytes]) -> None:
    there = {place.split("/")[0].removesuffix(".py") for place in files} | sys.stdlib_module_names
    only_for_types = {"mypy_boto3_dynamodb"}
    imported = {
        name.split(".")[0]
        for source in (ROOT / "skill").rglob("*.py")
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported - there == only_for_types


def test_every_service_that_the_skill_makes_a_client_for_is_described_in_it(files: dict[str, bytes]) -> None:
    called = {
        node.args[0].value
        for source in (ROOT / "skill").rglob("*.py")
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("client", "resource", "create_client")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    described = {place.split("/")[2] for place in files if re.match("botocore/data/[^/]+/.*service-2.json", place)}
    assert called == set(SERVICES) == described


def test_every_operation_that_the_skill_calls_is_described_in_it_and_no_other(files: dict[str, bytes]) -> None:
    called = {
        "".join(word.capitalize() for word in node.func.attr.split("_"))
        for source in (ROOT / "skill" / "session_log").glob("*.py")
        for function in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        # In AWS the template makes the table.
        if isinstance(function, ast.FunctionDef) and function.name != "create_table"
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "client"
    }
    [place] = [place for place in files if place.endswith("/service-2.json")]
    finds_addresses = {"DescribeEndpoints"}
    assert called == SERVICES["dynamodb"] == json.loads(files[place])["operations"].keys() - finds_addresses


def test_what_is_imported_later_still_looks_as_it_did(files: dict[str, bytes]) -> None:
    changed = [line[2:] for line in files["licenses/README.txt"].decode().splitlines() if line.endswith(".py")]
    assert changed == list(IMPORTED_LATER)
    for place, (line, function) in IMPORTED_LATER.items():
        assert function + b"    " + line in files[place]


def test_every_library_brings_its_licence(files: dict[str, bytes]) -> None:
    notes = files["licenses/README.txt"].decode()
    for name in with_their_needs(direct_needs(), RUNTIME, LEFT_OUT):
        assert f"- {name} {pins()[name]}: " in notes
    without = re.findall(r"^- (\S+) \S+: Apache License 2.0, as in", notes, re.MULTILINE)
    assert without == ["ask-sdk-core", "ask-sdk-runtime"]
    for name in without:
        assert metadata.metadata(name)["License"] == "Apache 2.0"
    assert any(place.startswith("licenses/ask-sdk-model-") and place.endswith("/LICENSE") for place in files)


def test_what_was_made_smaller_is_named(files: dict[str, bytes]) -> None:
    changed = [line[2:] for line in files["licenses/README.txt"].decode().splitlines() if line.endswith(".json")]
    assert "botocore/data/endpoints.json" in changed
    for place in changed:
        assert b'"documentation":"' not in files[place]


# What is said and written elsewhere


def test_the_runtime_is_the_one_of_the_template() -> None:
    template = (ROOT / "infrastructure" / "template.yaml").read_text(encoding="utf-8")
    assert re.findall(r"Runtime: python(\S+)", template) == [RUNTIME]


def test_the_requirements_beside_the_handler_are_those_of_the_project() -> None:
    lines = (ROOT / "lambda" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == direct_needs()


# When things are missing or wrong


def test_without_the_right_python_the_bundle_has_no_bytecode_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "new folder" / "lambda.zip"
    assert main(["--runtime", "python3.99", "--output", str(target)]) == 0
    said = capsys.readouterr()
    assert "there is no Python 3.99 on this machine, so the bundle has no bytecode" in said.err
    assert "WITHOUT bytecode" in said.out
    assert not [place for place in contents(target) if place.endswith(".pyc")]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--runtime", "nodejs22.x"], "there is no runtime 'nodejs22.x'"),
        (["--runtime", "python3.99", "--python", sys.executable], "and bytecode for python3.99 is wanted"),
        (["--python", "/nowhere/python"], "/nowhere/python is no Python"),
        (["--runtime", "python3.99", "--output", "/dev/null/lambda.zip"], "/dev/null/lambda.zip can't be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("hip-coach: ")
    assert told in error
    assert error.count("\n") == 1


def test_a_source_that_cannot_be_compiled_is_named() -> None:
    with pytest.raises(BundleError, match=r"can't compile the bundle: .*SyntaxError"):
        compiled({"broken.py": b"def (:\n"}, Path(sys.executable))


# The parts


def test_tracebacks_name_files_where_lambda_has_them() -> None:
    made = compiled({"part/module.py": b"def f(): raise ValueError\n", "data.json": b"{}"}, Path(sys.executable))
    assert list(made) == [f"part/__pycache__/module.{sys.implementation.cache_tag}.pyc"]
    assert b"/var/task/part/module.py" in next(iter(made.values()))


def test_an_interpreter_is_found_by_its_version() -> None:
    found = interpreter_for(THIS_PYTHON)
    assert found is not None
    assert version_of(found) == THIS_PYTHON
    assert interpreter_for("3.99") is None
    assert version_of(Path("/nowhere/python")) is None
