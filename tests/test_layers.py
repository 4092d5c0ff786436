"""Who may import whom, and what nobody may do: the walls of the house."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SKILL = ROOT / "skill"
OURS = ("skill", "simulator", "interaction_models", "door", "deployment", "tests")

WALLS = {
    "skill/coaching": ("skill.coaching", "skill.content"),
    "skill/handlers": ("skill.handlers", "skill.coaching", "skill.alexa", "skill.session_log", "skill.content"),
    "skill/alexa": ("skill.alexa", "skill.content"),
    "skill/session_log": ("skill.session_log",),
    "skill/content": ("skill.content",),
    "skill/settings.py": (),
    "skill/turn_record.py": (),
    "door": (
        "door",
        "skill.app",
        "skill.settings",
        "skill.session_log",
        "skill.turn_record",
        "skill.alexa.envelope",
    ),
    "deployment": ("deployment", "simulator", "interaction_models", "skill.session_log", "skill.handlers"),
    "simulator": (
        "simulator",
        "interaction_models",
        "deployment",
        "door",
        "skill.app",
        "skill.settings",
        "skill.session_log",
        "skill.turn_record",
        "skill.coaching.understanding",
        "skill.coaching.stretching",
        "skill.coaching.therapy_session",
        "skill.coaching.stretch_session",
        "skill.coaching.stored",
        "skill.content",
    ),
}
"""For each part of the house: which of our own modules it may import."""


def sources(part: str) -> list[Path]:
    path = ROOT / part
    return [path] if path.suffix else sorted(path.rglob("*.py"))


def imports(source: Path) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, anywhere in it, with its line."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{source}:{node.lineno}: imports name their module in full"
            module = node.module or ""
            submodules = [
                f"{module}.{name.name}"
                for name in node.names
                if (ROOT / module.replace(".", "/") / f"{name.name}.py").exists()
                or (ROOT / module.replace(".", "/") / name.name / "__init__.py").exists()
            ]
            yield from ((node.lineno, name) for name in submodules or [module])


def within(module: str, allowed: tuple[str, ...]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in allowed)


def strangers(part: str, allowed: tuple[str, ...]) -> list[str]:
    """Imports of our own modules that this part of the house may not have."""
    return [
        f"{source.relative_to(ROOT)}:{line} {module}"
        for source in sources(part)
        for line, module in imports(source)
        if module.split(".")[0] in OURS and not within(module, allowed)
    ]


@pytest.mark.parametrize("part", WALLS)
def test_each_part_imports_only_what_it_may(part: str) -> None:
    assert strangers(part, WALLS[part]) == []


def test_coaching_needs_the_standard_library_alone() -> None:
    outside = [
        f"{source.relative_to(ROOT)}:{line} {module}"
        for part in ("skill/coaching", "skill/content")
        for source in sources(part)
        for line, module in imports(source)
        if module.split(".")[0] not in {*sys.stdlib_module_names, "skill"}
    ]
    assert outside == []


def test_nothing_in_the_skill_imports_what_belongs_to_the_desk() -> None:
    forbidden = (
        "simulator",
        "interaction_models",
        "door",
        "deployment",
        "tests",
        "flask",
        "flask_ask_sdk",
        "gtts",
        "requests",
        "ministack",
    )
    found = [
        f"{source.relative_to(ROOT)}:{line} {module}"
        for source in sources("skill")
        for line, module in imports(source)
        if module.split(".")[0].lower() in forbidden
    ]
    assert found == []


def attributes(source: Path) -> Iterator[tuple[int, str]]:
    """Every "name.attribute" in a file, with its line."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.lineno, f"{node.value.id}.{node.attr}"


def test_the_environment_is_read_in_the_settings_alone() -> None:
    found = [
        f"{source.relative_to(ROOT)}:{line} {name}"
        for source in sources("skill")
        if source != SKILL / "settings.py"
        for line, name in attributes(source)
        if name in ("os.environ", "os.getenv", "os.environb", "os.putenv")
    ]
    assert found == []


def test_coaching_and_handlers_have_neither_a_clock_nor_chance_of_their_own() -> None:
    clocks = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.monotonic")
    found = [
        f"{source.relative_to(ROOT)}:{line} {name}"
        for part in ("skill/coaching", "skill/handlers")
        for source in sources(part)
        for line, name in [*attributes(source), *imports(source)]
        if name in clocks or name.split(".")[0] in ("random", "secrets", "time", "uuid")
    ]
    assert found == []


def test_no_file_of_the_skill_is_too_long_to_read() -> None:
    long = [
        str(source.relative_to(ROOT))
        for source in sources("skill")
        if len(source.read_text(encoding="utf-8").splitlines()) > 320
    ]
    assert long == []


def test_importing_the_skill_loads_nothing_that_can_wait() -> None:
    """A cold start is short of time: DynamoDB and HTTP are loaded when they are first needed."""
    program = "import json, sys, skill.app; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = {module.split(".")[0] for module in json.loads(done.stdout)}
    late = {
        "boto3",
        "botocore",
        "urllib3",
        "requests",
        "http",
        "ssl",
        "flask",
        "gtts",
        "door",
        "deployment",
        "simulator",
        "interaction_models",
    }
    assert loaded & late == set()
