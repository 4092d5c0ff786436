"""The spoken words: all there, all used, safe to say, short enough for the ear, and with their evidence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from skill.content import page, words

SKILL = Path(__file__).parents[2] / "skill"
CONTENT = SKILL / "content" / "en"
SPOKEN_PAGES = ("conversation", "therapy", "cautions", "stretching", "history", "privacy", "reminders")

BEHIND_A_PLACEHOLDER = {
    "therapy.outside.",  # read as a page, by the name of a place
    "cautions.",  # read by the name of a caution
    "stretching.muscles.",  # read as a page, by the name of a muscle
}
FORBIDDEN = re.compile(
    r"\b(cure[sd]?|curing|guarantee\w*|diagnos\w*|heals? you|miracle|prescri\w*|overdose|pain score"
    r"|\d+ ?(mg|milligrams?|ml|tablets?|pills?)|ibuprofen|paracetamol|naproxen|acetaminophen)\b",
    re.IGNORECASE,
)
EVIDENCE = re.compile(r"[HCRFXSGW]\d\d")


def sentences(entry: Any, place: str) -> Iterator[tuple[str, str]]:
    """Every text of a page with its place; what is not spoken (evidence, lists) is left out."""
    if isinstance(entry, str):
        yield place, entry
    elif isinstance(entry, dict):
        for name, part in entry.items():
            yield from sentences(part, f"{place}.{name}")


ALL = dict(text for name in SPOKEN_PAGES for text in sentences(dict(page(name)), name))


Choices = dict[str, str]
"""What a variable can hold, as a regular expression, by its name."""


def pattern_of(argument: ast.expr, choices: Choices) -> str | None:
    """The key that is looked up, as a regular expression; what is only known at run time is any one name."""
    match argument:
        case ast.Constant(value=str(text)):
            return re.escape(text)
        case ast.Name(id=name):
            return choices.get(name)
        case ast.JoinedStr(values=values):
            return "".join(pattern_of(part, choices) or "[a-z_]+" for part in values)
        case ast.FormattedValue(value=ast.Name(id=name)):
            return choices.get(name)
        case ast.IfExp(body=body, orelse=other):
            branches = [pattern_of(body, choices), pattern_of(other, choices)]
            return None if None in branches else f"(?:{branches[0]}|{branches[1]})"
    return None


def choices_in(function: ast.AST) -> Choices:
    """What the variables of a function are set to, where that is a text or one of two."""
    found: Choices = {}
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant() | ast.IfExp() as value):
                pattern = pattern_of(value, {})
                if pattern:
                    found[name] = pattern
    return found


def keys_in(source: Path) -> Iterator[tuple[str, str | None]]:
    """Where `words` is called in a file, and for which keys."""
    for function in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if not isinstance(function, ast.FunctionDef):
            continue
        choices = choices_in(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "words":
                yield f"{source.relative_to(SKILL)}:{node.lineno}", pattern_of(node.args[0], choices)


CALLS = [call for source in sorted(SKILL.rglob("*.py")) for call in keys_in(source)]


@pytest.mark.parametrize(("place", "pattern"), CALLS)
def test_every_sentence_that_is_looked_up_is_there(place: str, pattern: str | None) -> None:
    assert pattern is not None, f"{place}: give `words` a text, so that this test can read it"
    assert any(re.fullmatch(pattern, key) for key in ALL), f"{place}: no sentence {pattern}"


def test_every_sentence_is_used() -> None:
    patterns = [pattern for _, pattern in CALLS if pattern]
    leftovers = [
        key
        for key in ALL
        if not any(re.fullmatch(pattern, key) for pattern in patterns)
        and not any(key.startswith(start) for start in BEHIND_A_PLACEHOLDER)
    ]
    assert leftovers == []


def test_a_sentence_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        words("conversation.no_such_sentence")
    with pytest.raises(KeyError):
        words("therapy.running.remaining", remaining="two minutes")


@pytest.mark.parametrize(("place", "text"), ALL.items(), ids=ALL)
class TestEverySentence:
    """What holds for each of them."""

    def test_promises_nothing_and_names_no_medicine(self, place: str, text: str) -> None:
        assert FORBIDDEN.search(text) is None

    def test_is_short_enough_for_the_ear(self, place: str, text: str) -> None:
        assert max(len(sentence.split()) for sentence in re.split(r"[.?!:](?:\s|$)", text)) <= 30

    def test_is_plain_text(self, place: str, text: str) -> None:
        assert not re.search(r"[<>&*_#\[\]]|\s\s|^\s|\s$|--", Formatter().vformat(text, (), _Anything()))
        assert text.isascii()

    def test_has_placeholders_of_a_simple_kind(self, place: str, text: str) -> None:
        for _, name, form, conversion in Formatter().parse(text):
            assert name is None or re.fullmatch("[a-z]+", name)
            assert not form
            assert not conversion


class _Anything(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "x"


@pytest.mark.parametrize("page_name", ["therapy", "conversation"])
def test_what_is_asked_ends_in_a_question(page_name: str) -> None:
    asked = [text for key, text in ALL.items() if key.startswith(f"{page_name}.confirm.")]
    assert [text for text in asked if "?" not in text] == []


@pytest.mark.parametrize("caution", sorted(page("cautions")))
def test_every_caution_stands_on_evidence_and_names_what_it_rules_out(caution: str) -> None:
    entry = page("cautions")[caution]
    assert set(entry["rules_out"]) <= {"heat", "cold"}
    assert entry["evidence"], "a caution needs its evidence"
    assert all(EVIDENCE.fullmatch(number) for number in entry["evidence"])
    assert entry["say"].strip()


def test_the_limits_in_the_words_are_the_limits_in_the_code() -> None:
    for key in ("conversation.welcome_new", "conversation.help", "therapy.ask.amount"):
        assert "ten to twenty minutes" in ALL[key]
    assert "Twenty minutes is the most" in ALL["therapy.confirm.over_limit"]


def test_the_labels_of_timers_differ() -> None:
    labels = list(page("therapy")["labels"].values())
    assert len({label.lower() for label in labels}) == len(labels)


def test_no_spoken_sentence_stands_in_the_code_of_a_handler() -> None:
    """A text of several words that ends like a sentence belongs into the content."""
    found = []
    for source in sorted((SKILL / "handlers").glob("*.py")):
        tree = ast.parse(source.read_text(encoding="utf-8"))
        texts = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
        found += [
            f"{source.name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in texts
            and re.search(r"\w+ \w+ \w+.*[.?!]$", node.value)
        ]
    assert found == []
