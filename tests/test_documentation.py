"""What README.md and docs/ say is so: commands, links, places in the tree, and the example in Python."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.cli import main

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))

FOLDERS = "skill|simulator|interaction_models|infrastructure|deployment|door|lambda|tests|docs"
PLACE = re.compile(rf"`((?:{FOLDERS})/[\w./-]*|\.ci/run)`")
MAKE = r"(?m)(?:^|`)make ([a-z]+)(?=[`\s]|$)"
"""A target as the pages name it: in code, or at the beginning of a line."""


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def named(pattern: str) -> Iterator[tuple[str, str]]:
    """What the pages name by this pattern, each with the page's name."""
    for page in PAGES:
        for found in re.findall(pattern, text_of(page)):
            yield page.name, found


def anchors_of(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def verbs() -> set[str]:
    """The verbs of the `hip-coach` command."""
    help_text = subprocess.run(
        [sys.executable, "-m", "simulator.cli", "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    return set(re.findall(r"^    ([a-z]+) ", help_text, re.MULTILINE))


def test_every_make_target_that_is_named_exists() -> None:
    assert [(page, target) for page, target in named(MAKE) if target not in TARGETS] == []


def test_every_make_target_is_told_of_in_the_help_and_somewhere_in_the_pages() -> None:
    told = {target for _, target in named(MAKE)}
    rarely_used = {"help", "setup", "lock", "icons", "clean"}
    assert TARGETS - told <= rarely_used
    assert set(re.findall(r"'make (\w+) ", MAKEFILE)) == TARGETS - {"help"}


def test_every_verb_that_is_named_exists_and_every_verb_can_be_found() -> None:
    known = verbs()
    named_verbs = {verb for _, verb in named(r"(?:\.venv/bin/|`)hip-coach ([a-z]+)")}
    assert named_verbs - known == set()
    made_by_make = {"talk", "models", "bench"}
    in_readme = set(re.findall(r"hip-coach ([a-z]+)", text_of(ROOT / "README.md")))
    assert known - in_readme - made_by_make == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for address in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        if address.startswith("http"):
            continue
        place, _, anchor = address.partition("#")
        target = (page.parent / place).resolve() if place else page
        assert target.exists(), address
        assert not anchor or anchor in anchors_of(target), address


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_place_that_is_named_is_there(page: Path) -> None:
    assert [
        place for place in PLACE.findall(text_of(page)) if not (ROOT / place.replace("LOCALE", "en-US")).exists()
    ] == []


def test_every_folder_and_every_page_can_be_found_from_the_readme() -> None:
    readme = text_of(ROOT / "README.md")
    sources = {path.parent.name for path in ROOT.glob("*/*.py")}
    assert {folder for folder in sources if f"`{folder}/`" not in readme} == set()
    assert {page.name for page in PAGES[1:] if f"(docs/{page.name}" not in readme} == set()


def test_the_example_in_python_does_what_it_says() -> None:
    [example] = re.findall(r"```python\n(.*?)```", text_of(ROOT / "README.md"), re.DOTALL)
    printed = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", example], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.splitlines()
    promised = [line.rstrip(". ").removesuffix(",") for line in re.findall(r"print\(.*\)  # (.*)", example)]
    assert len(printed) == len(promised)
    assert [line[: len(promise)] for line, promise in zip(printed, promised, strict=True)] == promised


def test_the_sentence_to_explain_is_understood(capsys: pytest.CaptureFixture[str]) -> None:
    [sentence] = re.findall(r'hip-coach explain "([^"]+)"', text_of(ROOT / "README.md"))
    assert main(["explain", sentence]) == 0
    assert sentence.split()[0] in capsys.readouterr().out


def test_clean_removes_all_that_git_leaves_alone() -> None:
    [removed] = re.findall(r"^clean:\n\trm -rf (.+)$", MAKEFILE, re.MULTILINE)
    left_alone = {line.rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines() if line}
    within_folders = {"__pycache__", "*.pyc", "node_modules"}
    assert left_alone - set(removed.split()) <= within_folders
