"""Documentation that is made from the content: what people can say, and which answer covers which fact."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .expand import Expander
from .paraphrases import CONTENT
from .source import Place, Source, SourceError, Template

DOCS = Path(__file__).parent.parent / "docs"
WHAT_TO_SAY = DOCS / "what-to-say.md"
FACT_TABLE = DOCS / "fact-table.md"
FACTS = 60
"""Facts of the article, F01 to F60."""

_COMMANDS = {
    "Heat and cold": {
        "Start heat or cold": "StartTherapyIntent",
        "How long is left": "TimeLeftIntent",
        "Pause": "PauseTherapyIntent",
        "Go on": "ResumeTherapyIntent",
        "Longer": "ExtendTherapyIntent",
        "Shorter": "ShortenTherapyIntent",
        "Stop": "StopTherapyIntent",
    },
    "Stretches": {
        "Start": "StretchStartIntent",
        "Which there are": "StretchListIntent",
        "Go on to what comes next": "StretchNextIntent",
        "Leave one out": "StretchSkipIntent",
        "Once more": "StretchRepeatIntent",
        "Back to the one before": "StretchPreviousIntent",
        "One side only": "StretchOneSideIntent",
        "Easier": "StretchEasierIntent",
        "It hurts": "StretchHurtsIntent",
        "Slower": "StretchSlowerIntent",
        "Faster": "StretchFasterIntent",
        "Explain more": "StretchMoreDetailIntent",
        "Fewer words": "StretchShorterWordsIntent",
        "How many are left": "StretchHowManyIntent",
        "Pause": "StretchPauseIntent",
        "Carry on": "StretchResumeIntent",
        "From the beginning": "StretchStartOverIntent",
        "Stop": "StretchStopIntent",
        "A replaced hip, and clearance": "ReplacedHipIntent",
    },
    "What you did, and what is kept": {
        "What you did": "HistoryIntent",
        "When you last did it": "HistoryLastIntent",
        "How often and how long": "HistoryCountIntent",
        "What is stored": "PrivacyIntent",
        "Delete it": "DeleteDataIntent",
    },
    "Reminders": {
        "Set one": "ReminderIntent",
        "Which there are": "ReminderListIntent",
        "Cancel one": "ReminderCancelIntent",
    },
    "About an answer": {
        "More about it": "TellMoreIntent",
        "Where it comes from": "SourceIntent",
    },
}
"""What can be said by way of command: by heading, each with its intent."""
_NOTES = {
    "Reminders": "Alexa keeps reminders, and Hip Coach nothing of them. They stay until you cancel them, also after "
    "*delete my data*.",
}
"""What else is to be known, by heading."""
_SLOT_EXAMPLES = {
    "modality": "ice", "duration": "fifteen minutes", "minutes": "fifteen", "area": "hip", "side": "left",
    "lowest": "ten", "then_modality": "heat", "with_modality": "heat", "length": "a while", "caution": "numb",
    "rejected": "fifty", "then_minutes": "ten", "muscle": "hamstrings", "position": "in bed",
    "routine": "short routine", "ease": "gentle", "hip_status": "is replaced", "skipped_side": "right",
    "history_kind": "heat", "period": "this week", "question": "streak",
    "reminder_about": "stretch", "time": "seven", "date": "tomorrow", "recurrence": "every day", "delay": "two hours",
    "which": "all",
}  # fmt: skip


def pages(source: Source) -> dict[Path, str]:
    """The text of both pages."""
    return {WHAT_TO_SAY: _what_to_say(source), FACT_TABLE: _fact_table()}


def stale_pages(source: Source) -> list[Path]:
    """Pages that are not what the content would make now."""
    return [
        path for path, text in pages(source).items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def write_pages(source: Source) -> list[Path]:
    """Write the pages that changed; says which."""
    changed = stale_pages(source)
    for path in changed:
        path.write_text(pages(source)[path], encoding="utf-8")
    return changed


def _what_to_say(source: Source) -> str:
    expander = Expander(source)
    lines = [
        "# What you can say",
        "",
        "Made from the content by `make models`. Hip Coach understands many more ways than these.",
        "",
        "Begin with *Alexa, open Hip Coach*, or in one go: *Alexa, ask Hip Coach to start ice for fifteen minutes*.",
    ]
    intents = {intent.name: intent for intent in source.intents}
    for heading, commands in _COMMANDS.items():
        lines += ["", f"## {heading}", ""]
        for title, name in commands.items():
            samples = [_filled(template, expander) for template in intents[name].templates[:3]]
            lines.append(f"- {title}: " + ", ".join(f"*{sample}*" for sample in samples))
        if heading in _NOTES:
            lines += ["", _NOTES[heading]]
    for path in sorted((CONTENT / "answers").glob("*.toml")):
        lines += ["", f"## {path.stem.replace('_', ' ').capitalize()}", ""]
        for entry in tomllib.loads(path.read_text(encoding="utf-8")).values():
            lines.append(f"- *{_asked(expander, entry)}?* {entry['say']}")
    lines += ["", "## Heat or cold?", ""]
    for entry in _entries("heat_or_cold.toml").values():
        lines.append(f"- *{_asked(expander, entry)}?* {entry['say']}")
    lines += [
        "",
        "## Emergencies",
        "",
        "Hip Coach can't call anybody. Told of an emergency, it says what to do first, and starts nothing.",
    ]
    return "\n".join(lines) + "\n"


def _asked(expander: Expander, entry: Mapping[str, Any]) -> str:
    question = expander.expand(Template(entry["ask"][0], Place(CONTENT, 1)))[0]
    return re.sub(r"\ba s\b", "AS", question).capitalize()


def _fact_table() -> str:
    by_fact: dict[str, list[str]] = defaultdict(list)
    for name, entry in _answers():
        for fact in entry["facts"]:
            by_fact[fact].append(f"{name}{' (partly)' if entry['partial'] else ''}")
    lines = [
        "# Which answer covers which fact",
        "",
        "Made from the content by `make models`. Facts are those of the article, F01 to F60; answers that only touch a",
        "fact are marked.",
        "",
        "| fact | answers |",
        "|---|---|",
    ]
    for number in range(1, FACTS + 1):
        fact = f"F{number:02}"
        lines.append(f"| {fact} | {', '.join(by_fact[fact]) or '**none**'} |")
    return "\n".join(lines) + "\n"


def _answers() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((CONTENT / "answers").glob("*.toml")):
        yield from tomllib.loads(path.read_text(encoding="utf-8")).items()


def _entries(name: str) -> Mapping[str, Any]:
    return tomllib.loads((CONTENT / name).read_text(encoding="utf-8"))


def _filled(template: Template, expander: Expander) -> str:
    sample = expander.expand(template)[0]
    for slot in re.findall(r"\{(\w+)\}", sample):
        if slot not in _SLOT_EXAMPLES:
            cure = f"add it to the slots of its intent, and an example of it to {Path(__file__).name}, or mend its name"
            raise SourceError(template.place.file, template.place.line, f"nobody knows a slot {{{slot}}}; {cure}")
        sample = sample.replace(f"{{{slot}}}", _SLOT_EXAMPLES[slot])
    return sample
