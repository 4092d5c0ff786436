"""Every way of saying something that the project knows, with what it means: what the skill learns from."""

from __future__ import annotations

import random
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .expand import Expander
from .source import Place, Source, SourceError, Template, read

CONTENT = Path(__file__).parent.parent / "skill" / "content" / "en"
NEAR_MISSES = Path(__file__).parent / "near_misses.toml"
"""Sentences that sound like a red flag and are none."""
WIDER = Path(__file__).parent / "paraphrases"
_PLACES = {
    "answer": "answers/*.toml",
    "red_flag": "red_flags.toml",
    "out_of_scope": "out_of_scope.toml",
    "heat_or_cold": "heat_or_cold.toml",
}
_SLOT = re.compile(r"\{(\w+)\}")
_AMOUNTS = (
    "ten minutes",
    "fifteen minutes",
    "twenty minutes",
    "an hour",
    "five minutes",
    "half an hour",
    "a quarter of an hour",
)
_TIMES = ("seven in the evening", "half past eight", "nine", "six thirty p m", "noon", "ten o'clock")
_DATES = ("tomorrow", "today", "tonight", "monday", "tomorrow morning", "next friday")
_NUMBERS = ("five", "ten", "twelve", "fifteen", "twenty", "thirty")


@dataclass(frozen=True)
class Paraphrase:
    """One sentence and what it means: `answer:how_long`, `red_flag:stroke`, `intent:PauseTherapyIntent`, ..."""

    label: str
    text: str
    line: str
    """The template it comes from; sentences of one template are never split between training and held-back data."""


def content_entries() -> Iterator[tuple[str, str, dict[str, Any], Path]]:
    """(kind, id, entry, file) of all that can be asked for in free words."""
    for kind, paths in _PLACES.items():
        for path in sorted(CONTENT.glob(paths)):
            for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
                yield kind, name, entry, path


def wider_ways() -> dict[str, list[str]]:
    """Further ways of asking, by label. They stand apart, for nobody could find the spoken words among them."""
    kinds = {name: kind for kind, name, _, _ in content_entries()}
    wider: dict[str, list[str]] = defaultdict(list)
    for path in sorted(WIDER.glob("*.toml")):
        for name, lines in tomllib.loads(path.read_text(encoding="utf-8")).items():
            wider[f"{kinds.get(name, 'intent')}:{name}"] += lines
    return wider


def paraphrases(source_file: Path, most_per_line: int = 12) -> Iterator[Paraphrase]:
    """All sentences, from the content and from the interaction model's source."""
    source = read(source_file)
    expander = Expander(source)
    place = Place(source_file, 1)
    for line in tomllib.loads(NEAR_MISSES.read_text(encoding="utf-8"))["lines"] if NEAR_MISSES.exists() else ():
        yield Paraphrase("near_miss:any", line, line)
    for meaning, lines in wider_ways().items():
        for line in lines:
            yield Paraphrase(meaning, line, line)
    for kind, name, entry, _ in content_entries():
        for line in entry["ask"]:
            for text in expander.expand(Template(line, place))[:most_per_line]:
                yield Paraphrase(f"{kind}:{name}", text, line)
        for line in entry.get("near_miss", ()):
            for text in expander.expand(Template(line, place))[:most_per_line]:
                yield Paraphrase(f"near_miss:{name}", text, line)
    yield from _of_intents(source, expander)


def learnt_word_for_word(source_file: Path) -> frozenset[str]:
    """Every sentence that the models or the skill learn from, to tell whether a line measures anything."""
    source = read(source_file)
    expander = Expander(source)
    samples = {text for intent in source.intents for template in intent.templates for text in expander.expand(template)}
    return frozenset({paraphrase.text for paraphrase in paraphrases(source_file)} | samples)


def _of_intents(source: Source, expander: Expander) -> Iterator[Paraphrase]:
    chance = random.Random(7)
    for intent in source.intents:
        if intent.name.startswith("AMAZON.") or any("phrase" in slot for slot in intent.slots):
            # Phrases are taken for free text: what they mean is learnt from elsewhere.
            continue
        for name, kind in intent.slots.items():
            if not kind.startswith("AMAZON.") and not source.types.get(kind):
                cure = f"add [types.{kind}], or mend its name"
                raise SourceError(intent.place.file, intent.place.line, f"slot {name} has type {kind}; {cure}")
        for template in intent.templates:
            for sample in expander.expand(template):
                if unknown := set(_SLOT.findall(sample)) - intent.slots.keys():
                    cure = f"add {{{min(unknown)}}} to the slots of {intent.name}, or mend its name"
                    raise SourceError(template.place.file, template.place.line, f"{template.text!r}: {cure}")
                for _ in range(2 if "{" in sample else 1):
                    text = _SLOT.sub(lambda slot: _value(source, intent.slots[slot[1]], chance), sample)  # noqa: B023
                    yield Paraphrase(f"intent:{intent.name}", text, template.text)


def _value(source: Source, kind: str, chance: random.Random) -> str:
    if kind == "AMAZON.DURATION":
        return chance.choice(_AMOUNTS)
    if kind == "AMAZON.NUMBER":
        return chance.choice(_NUMBERS)
    if kind in ("AMAZON.TIME", "AMAZON.DATE"):
        return chance.choice(_TIMES if kind == "AMAZON.TIME" else _DATES)
    values = source.types[kind]
    return chance.choice(values[chance.choice(list(values))])
