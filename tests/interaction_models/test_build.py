"""From en.toml to a model."""

from pathlib import Path
from typing import Any

import pytest

from interaction_models import build, expand
from interaction_models.source import SourceError

from .small_model import GOOD, broken, write


def language(source: Path, locale: str = "en-US", **options: Any) -> Any:
    return build.build(source, **options)[locale]["interactionModel"]["languageModel"]


def samples(source: Path, intent: str, locale: str = "en-US") -> list[str]:
    return next(each["samples"] for each in language(source, locale)["intents"] if each["name"] == intent)


@pytest.mark.parametrize(
    ("template", "sentences"),
    [
        ("stop", ["stop"]),
        ("(start|begin) {modality}", ["begin {modality}", "start {modality}"]),
        ("ice [please|now]", ["ice", "ice now", "ice please"]),
        ("<start> it", ["begin it", "start it"]),
        ("[a [little|bit] ]longer", ["a bit longer", "a little longer", "a longer", "longer"]),
        ("(he|she)'s {modality}", ["he's {modality}", "she's {modality}"]),
        ("{modality}'s timer", ["{modality}'s timer"]),
        ("  wide   gaps ", ["wide gaps"]),
        ("it's (fine|fine)", ["it's fine"]),
    ],
)
def test_expansion(tmp_path: Path, template: str, sentences: list[str]) -> None:
    source, _ = broken(tmp_path, '"{modality} for {duration}"', f'"{template}"')
    others = {"start {modality}", "start the {modality}", "begin {modality}", "begin the {modality}"}
    assert sorted({*samples(source, "StartIntent")} - others | {*sentences} & others) == sentences


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"{modality} for {duration}"', '"(start {modality}"', "look for a bracket that is not closed"),
        ('"{modality} for {duration}"', '"<begin> {modality}"', "write it under [rules]"),
        ('start = "(start|begin)"', 'start = "<start> now"', "uses a rule that uses itself"),
        ('"{modality} for {duration}"', '"(a|b) (a|b) (a|b) (a|b) (a|b) (a|b) (a|b)"', "split it in two"),
        ('fallback_sensitivity = "MEDIUM"', "sensitivity = 3", "nothing reads 'sensitivity'"),
        ('fallback_sensitivity = "MEDIUM"', "fallback_sensitivity = ", "this is not TOML"),
    ],
)
def test_a_source_that_cannot_be_read(
    tmp_path: Path, old: str, new: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source, line = broken(tmp_path, old, new)
    # A rule is read where it is used, and the line that uses it is the one to open.
    line = 14 if "itself" in message else line
    with pytest.raises(SourceError, match=r"en\.toml:\d+: ") as raised:
        build.build(source)
    assert message in raised.value.message
    assert raised.value.line == line
    assert build.main(check=True, source=source, folder=tmp_path) == 1
    assert f"en.toml:{line}: " in capsys.readouterr().err


def test_most_sentences_of_a_template_are_allowed(tmp_path: Path) -> None:
    words = "|".join(chr(97 + number // 26) + chr(97 + number % 26) for number in range(expand.MOST))
    source, _ = broken(tmp_path, '"{modality} for {duration}"', f'"({words})"')
    assert len(samples(source, "StartIntent")) == expand.MOST + 4


def test_slots_types_and_sensitivity(tmp_path: Path) -> None:
    made = language(write(tmp_path, GOOD))
    assert made["invocationName"] == "hip coach"
    assert made["modelConfiguration"] == {"fallbackIntentSensitivity": {"level": "MEDIUM"}}
    start = next(intent for intent in made["intents"] if intent["name"] == "StartIntent")
    assert start["slots"] == [
        {"name": "modality", "type": "Modality"},
        {"name": "duration", "type": "AMAZON.DURATION"},
    ]
    assert made["types"] == [
        {
            "name": "Modality",
            "values": [
                {"id": "heat", "name": {"value": "heat", "synonyms": ["hot pack"]}},
                {"id": "cold", "name": {"value": "cold", "synonyms": ["ice pack"]}},
            ],
        }
    ]


def test_a_locale_adds_and_takes_away(tmp_path: Path) -> None:
    source, _ = broken(
        tmp_path,
        "[locales.en-GB]\n",
        '[locales.en-GB.types.Modality]\nheat = ["hottie"]\n'
        '[locales.en-GB.without.Modality]\ncold = ["cold"]\n'
        '[locales.en-GB.samples]\nStartIntent = ["pop {modality} on"]\n',
    )
    heat, cold = language(source, "en-GB")["types"][0]["values"]
    assert heat["name"]["synonyms"] == ["hot pack", "hottie"]
    assert cold["name"] == {"value": "ice pack", "synonyms": []}
    assert "pop {modality} on" in samples(source, "StartIntent", "en-GB")
    assert "pop {modality} on" not in samples(source, "StartIntent", "en-US")


def test_extra_intents_stand_beside_the_others(tmp_path: Path) -> None:
    extra = [{"name": "StiffIntent", "samples": ["why am i [so] stiff"]}]
    made = language(write(tmp_path, GOOD), extra_intents=extra)
    names = [intent["name"] for intent in made["intents"]]
    assert names == sorted(names)
    stiff = next(intent for intent in made["intents"] if intent["name"] == "StiffIntent")
    assert stiff == {"name": "StiffIntent", "samples": ["why am i so stiff", "why am i stiff"]}


def test_two_builds_are_the_same_to_the_letter(tmp_path: Path) -> None:
    source = write(tmp_path, GOOD)
    assert build.as_text(build.build(source)["en-US"]) == build.as_text(build.build(source)["en-US"])
