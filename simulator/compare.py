"""How well sentences that nobody learnt from are understood: Hip Coach beside three well-known matchers.

All get the same interaction model and the same lines. A line counts as right when the intent is one that would answer
it; what the slots hold is not looked at here (`hip-coach evaluate` does that).
"""

from __future__ import annotations

import random
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.echo import language_model
from simulator.evaluate import Line
from simulator.nlu import FALLBACK
from skill.coaching.understanding import understand
from skill.coaching.understanding.labels import ANSWER, HEAT_OR_COLD, OUT_OF_SCOPE, RED_FLAG, entry_of
from skill.coaching.understanding.spoken import read_duration, read_number
from skill.content import page

Matcher = Callable[[str], str]
"""From a sentence to the name of an intent; `FALLBACK` for none."""

COMMANDS: Mapping[str, Sequence[str]] = {
    "timer_start": ("StartTherapyIntent", "UsualTherapyIntent", "ExtendTherapyIntent", "AmountIntent"),
    "timer_pause": ("PauseTherapyIntent", "AMAZON.PauseIntent"),
    "timer_resume": ("ResumeTherapyIntent", "AMAZON.ResumeIntent"),
    "timer_stop": ("StopTherapyIntent", "AMAZON.StopIntent"),
    "timer_remaining": ("TimeLeftIntent",),
    "help": ("HowToUseIntent", "AMAZON.HelpIntent", "WhatElseIntent"),
    "stop": ("GoodbyeIntent", "AMAZON.StopIntent", "AMAZON.CancelIntent"),
    "stretch_start": ("StretchStartIntent", "ReplacedHipIntent"),
    "stretch_next": ("StretchNextIntent", "AMAZON.NextIntent", "AMAZON.YesIntent", "AgreeIntent"),
    "stretch_repeat": ("StretchRepeatIntent", "RepeatAnswerIntent", "AMAZON.RepeatIntent"),
    "stretch_previous": ("StretchPreviousIntent", "AMAZON.PreviousIntent"),
    "stretch_pause": ("StretchPauseIntent", "PauseTherapyIntent", "AMAZON.PauseIntent"),
    "stretch_resume": ("StretchResumeIntent", "ResumeTherapyIntent", "AMAZON.ResumeIntent"),
    "stretch_stop": ("StretchStopIntent", "StopTherapyIntent", "AMAZON.StopIntent"),
    "history": ("HistoryIntent", "HistoryLastIntent", "HistoryCountIntent"),
    "delete_data": ("DeleteDataIntent",),
    "reminder": ("ReminderIntent", "ReminderListIntent", "ReminderCancelIntent", "ReminderTimeIntent"),
    "log_pain": ("LogPainIntent",),
}
KINDS = (*COMMANDS, "faq", "heat_or_cold_choice", "red_flag", "out_of_scope")
SAMPLES_FOR_SLOW = 12
"""Samples of an intent that hassil and padacioso get: with all of them a sentence takes them seconds."""
MOST_SECONDS = 40
"""Seconds after which a matcher is asked no further line; the table says how many it was asked."""
LINES_FOR_SLOW = 60
"""Lines, drawn at random, that they are asked: each takes them a good part of a second even so."""


@dataclass(frozen=True)
class Row:
    """One matcher's figures."""

    name: str
    right: Mapping[str, float]
    """The share of lines that were right, by group."""
    milliseconds: float
    """The median for one sentence."""
    lines: int


def compare(lines: Iterable[Line]) -> list[Row]:
    """Put every matcher through the lines."""
    chosen = [line for line in lines if line.kind in KINDS]
    model = language_model("en-US").model
    samples = [(sample.intent, sample.text) for intent in model.intents.values() for sample in intent.samples]
    few = random.Random(5).sample(chosen, min(LINES_FOR_SLOW, len(chosen)))
    thinned = _thinned(samples)
    rows = [
        _row("Hip Coach (model, then the skill's own understanding)", hip_coach, chosen),
        _row("rapidfuzz token_set_ratio, from 70", rapidfuzz_matcher(samples), chosen),
    ]
    for name, make in (("hassil", hassil_matcher), ("padacioso", padacioso_matcher)):
        try:
            matcher = make(thinned)
        except ImportError as missing:
            print(f"{name}: skipped, {missing.name} is not installed")
            continue
        rows.append(_row(f"{name}, {SAMPLES_FOR_SLOW} samples an intent", matcher, few))
    return rows


def _thinned(samples: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """A few samples of every intent but those of free text."""
    by_intent: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for intent, text in samples:
        if not intent.startswith("Free"):
            by_intent[intent].append((intent, text))
    draw = random.Random(5)
    return [sample for group in by_intent.values() for sample in draw.sample(group, min(SAMPLES_FOR_SLOW, len(group)))]


def hip_coach(text: str) -> str:
    """As in a conversation: the model first; what it catches as free text, the skill understands."""
    heard = language_model("en-US").understand(text).intent
    return understand(text).intent if heard.startswith("Free") else heard


def rapidfuzz_matcher(samples: Sequence[tuple[str, str]]) -> Matcher:
    """The nearest sample by shared words."""
    from rapidfuzz import fuzz, process

    texts = [_plain(text) for _, text in samples]

    def match(text: str) -> str:
        best = process.extractOne(_plain(_named(text)), texts, scorer=fuzz.token_set_ratio, score_cutoff=70)
        return samples[best[2]][0] if best else FALLBACK

    return match


def hassil_matcher(samples: Sequence[tuple[str, str]]) -> Matcher:
    """Home Assistant's matcher: a sentence must be one of the templates."""
    from hassil.intents import Intents
    from hassil.recognize import recognize_best

    by_intent: dict[str, list[str]] = defaultdict(list)
    for intent, text in samples:
        by_intent[intent].append(re.sub(r"\{\w+\}", "{anything}", text))
    data = {
        "language": "en",
        "intents": {name: {"data": [{"sentences": texts}]} for name, texts in by_intent.items()},
        "lists": {"anything": {"wildcard": True}},
        "skip_words": ["please", "can you", "could you", "now"],
    }
    intents = Intents.from_dict(data)

    def match(text: str) -> str:
        found: Any = recognize_best(text, intents, best_metadata_key=None, best_slot_name=None)
        return str(found.intent.name) if found else FALLBACK

    return match


def padacioso_matcher(samples: Sequence[tuple[str, str]]) -> Matcher:
    """OpenVoiceOS's matcher. Its fuzzy mode takes half a minute for a sentence on this model, so it is left off."""
    from padacioso import IntentContainer

    by_intent: dict[str, list[str]] = defaultdict(list)
    for intent, text in samples:
        if "'" not in text:
            by_intent[intent].append(text)
    container = IntentContainer(fuzz=False)
    for intent, texts in by_intent.items():
        container.add_intent(intent, texts)

    def match(text: str) -> str:
        return str(container.calc_intent(text).get("name") or FALLBACK)

    return match


def _row(name: str, matcher: Matcher, lines: Sequence[Line]) -> Row:
    right: dict[str, list[bool]] = defaultdict(list)
    taken = []
    give_up_at = time.perf_counter() + MOST_SECONDS
    for line in lines:
        started = time.perf_counter()
        if started > give_up_at:
            break
        intent = matcher(line.utterance)
        taken.append(time.perf_counter() - started)
        is_right = _answers(intent, line)
        right["all"].append(is_right)
        right[line.kind.split("_")[0] if line.kind.startswith(("timer", "stretch")) else line.kind].append(is_right)
    shares = {group: sum(results) / len(results) for group, results in right.items()}
    return Row(name, shares, statistics.median(taken) * 1000, len(taken))


def _answers(intent: str, line: Line) -> bool:
    """Whether an intent is one that would answer the line."""
    if line.kind in COMMANDS:
        return intent in COMMANDS[line.kind]
    kind, name = entry_of(intent) or ("", "")
    if line.kind == "faq":
        return kind == ANSWER and line.details["facts"].split(",")[0] in page("answers")[name]["facts"]
    wanted = {"heat_or_cold_choice": HEAT_OR_COLD, "red_flag": RED_FLAG, "out_of_scope": OUT_OF_SCOPE}[line.kind]
    return kind == wanted or (wanted == OUT_OF_SCOPE and intent == FALLBACK)


def _plain(text: str) -> str:
    return re.sub(r"[{}]", "", text)


def _named(text: str) -> str:
    """A sentence with its lengths and numbers taken for their kind, as the samples have them."""
    words = text.split()
    named = []
    place = 0
    while place < len(words):
        length, number = read_duration(words, place), read_number(words, place)
        if length:
            named.append("duration")
            place = length[1]
        elif number:
            named.append("minutes")
            place = number[1]
        else:
            named.append(words[place])
            place += 1
    return " ".join(named)


def table(rows: Sequence[Row]) -> str:
    """The figures as a table to read."""
    groups = ("all", "timer", "stretch", "faq", "heat_or_cold_choice", "red_flag", "out_of_scope")
    head = f"{'':56}{'lines':>6}{'ms':>8}" + "".join(f"{group[:12]:>14}" for group in groups)
    body = [
        f"{row.name:56}{row.lines:6}{row.milliseconds:8.2f}"
        + "".join(f"{row.right[group]:14.1%}" if group in row.right else f"{'-':>14}" for group in groups)
        for row in rows
    ]
    return "\n".join([head, *body])


HELD_OUT = Path(__file__).parent.parent / "tests" / "held_out" / "utterances.tsv"
"""Sentences that nothing was learnt from."""
