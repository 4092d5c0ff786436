"""What Hip Coach knows: every fact covered, every claim with its ground, every word fit for the ear."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from skill.content import page

CONTENT = Path(__file__).parents[2] / "skill" / "content" / "en"
ANSWERS: dict[str, Any] = {
    name: entry
    for path in sorted((CONTENT / "answers").glob("*.toml"))
    for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).items()
}
RED_FLAGS: dict[str, Any] = tomllib.loads((CONTENT / "red_flags.toml").read_text(encoding="utf-8"))
CHOICES: dict[str, Any] = tomllib.loads((CONTENT / "heat_or_cold.toml").read_text(encoding="utf-8"))
TOPICS: dict[str, Any] = tomllib.loads((CONTENT / "out_of_scope.toml").read_text(encoding="utf-8"))
NUMBERS: dict[str, Any] = tomllib.loads((CONTENT / "emergency_numbers.toml").read_text(encoding="utf-8"))
EVERYTHING = {**ANSWERS, **RED_FLAGS, **CHOICES, **TOPICS}

FACT = re.compile(r"F(0[1-9]|[1-5]\d|60)")
EVIDENCE = re.compile(r"[HCXSGARLWM]\d\d|(HF|HM|PF)-[A-E]")
DOSE = re.compile(r"\b\d+ ?(mg|milligrams?|ml|micrograms?|grams?|tablets?|pills?)\b", re.IGNORECASE)
PROMISE = re.compile(r"\b(guarantee\w*|miracle|will heal|heals you|you will be fine|promise)\b", re.IGNORECASE)
OUTSIDE = re.compile(r"outside|article doesn't|beyond the article|i can't|isn't in the article", re.IGNORECASE)
LONGEST_SAY = 45
"""Words: about twenty seconds of speech."""


def spoken(entry: dict[str, Any]) -> list[str]:
    return [entry[part] for part in ("say", "more", "source") if part in entry]


def test_every_fact_of_the_article_is_the_first_of_some_answer() -> None:
    first = {entry["facts"][0] for entry in (*ANSWERS.values(), *CHOICES.values())}
    assert {f"F{number:02}" for number in range(1, 61)} - first == set()


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_stands_on_facts_and_on_evidence_that_exist(name: str) -> None:
    entry = ANSWERS[name]
    assert entry["facts"], "an answer needs a fact"
    assert all(FACT.fullmatch(fact) for fact in entry["facts"])
    assert all(EVIDENCE.fullmatch(line) for line in entry["evidence"])


@pytest.mark.parametrize("name", ANSWERS)
def test_the_questions_offered_next_exist(name: str) -> None:
    assert ANSWERS[name]["next"]
    assert set(ANSWERS[name]["next"]) <= ANSWERS.keys()


@pytest.mark.parametrize("name", [name for name, entry in ANSWERS.items() if entry["partial"]])
def test_a_partial_answer_says_that_it_is_one(name: str) -> None:
    assert re.search(r"article|outside", ANSWERS[name]["say"], re.IGNORECASE)


@pytest.mark.parametrize("name", EVERYTHING)
def test_what_is_said_is_short_enough_for_the_ear(name: str) -> None:
    entry = EVERYTHING[name]
    assert len(entry["say"].split()) <= LONGEST_SAY
    assert not re.search(r"[<>&{}]", re.sub(r"\{(emergency|urgent|crisis|poison)\}", "", entry["say"]))


@pytest.mark.parametrize("name", EVERYTHING)
def test_no_dose_and_no_promise(name: str) -> None:
    for text in spoken(EVERYTHING[name]):
        assert not DOSE.search(text)
        assert not PROMISE.search(text)


@pytest.mark.parametrize("name", [name for name, entry in ANSWERS.items() if "F46" not in entry["facts"]])
def test_no_cure_is_spoken_of_but_to_say_that_there_is_none(name: str) -> None:
    assert not any(re.search(r"\bcure[sd]?\b", text) for text in spoken(ANSWERS[name]))


@pytest.mark.parametrize("name", EVERYTHING)
def test_no_session_of_more_than_twenty_minutes_is_advised(name: str) -> None:
    for text in spoken(EVERYTHING[name]):
        assert not re.search(r"(for|up to) (thirty|forty|fifty|sixty) minutes|for an hour", text)


def test_every_way_of_asking_belongs_to_one_entry() -> None:
    counts = Counter(line for entry in EVERYTHING.values() for line in entry["ask"])
    assert [line for line, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("name", RED_FLAGS)
@pytest.mark.parametrize("locale", NUMBERS)
def test_a_red_flag_says_first_what_to_do(name: str, locale: str) -> None:
    entry = RED_FLAGS[name]
    speech = entry["say"].format(**NUMBERS[locale])
    first = speech.split(". ")[0].lower()
    assert re.search(r"\b(call|contact|phone|ring|stay|keep|get|cool|see|stop|take|go|have)\b", first), first
    assert entry["action"] in ("emergency", "urgent")
    assert not re.search(r"\b(score|timer|session)\b", speech)


@pytest.mark.parametrize("name", [name for name, flag in RED_FLAGS.items() if flag["action"] == "emergency"])
def test_an_emergency_names_the_number_of_the_country(name: str) -> None:
    assert "{emergency}" in RED_FLAGS[name]["say"] or "{crisis}" in RED_FLAGS[name]["say"]


def test_there_is_a_neutral_number_for_any_other_country() -> None:
    assert set(NUMBERS["neutral"]) == {"emergency", "urgent", "crisis", "poison"}
    assert all(set(numbers) == set(NUMBERS["neutral"]) for numbers in NUMBERS.values())
    assert NUMBERS["en-US"]["emergency"] != NUMBERS["en-GB"]["emergency"]


def test_the_skill_reads_what_people_wrote() -> None:
    assert page("answers").keys() == ANSWERS.keys()
    assert all(page("answers")[name]["say"] == entry["say"] for name, entry in ANSWERS.items())
    assert page("red_flags").keys() == RED_FLAGS.keys()
