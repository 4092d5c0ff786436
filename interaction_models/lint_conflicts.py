"""Find a sentence that two intents would both hear, also once their slots are filled.

All samples are walked through at once, word by word, with the names of every slot type. Where the words so far fit one
intent only, nothing below can be a conflict and the walk turns back; that is what makes it quick. All locales are taken
together: a sentence should mean one thing in every English.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from typing import Any

from . import alexa_rules as rules
from .written import Found, Written

Language = Mapping[str, Any]

_UNITS = ("second", "seconds", "minute", "minutes", "hour", "hours")
_FRACTIONS = ("half an hour", "quarter of an hour", "a quarter of an hour", "an hour", "a minute", "a second")
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred"
).split()
_TIMES = (
    "morning",
    "afternoon",
    "evening",
    "night",
    "noon",
    "midnight",
    "seven o'clock",
    "half past seven",
    "seven thirty",
    "seven in the evening",
)
_DATES = ("today", "tonight", "tomorrow", "tomorrow morning", "this evening", "monday", "next monday", "next week")


@dataclass(eq=False)
class _Names:
    """A tree of the words of all names of one slot type."""

    next: dict[str, "_Names"] = field(default_factory=dict)
    complete: bool = False

    def add(self, name: str) -> None:
        node = self
        for word in name.split():
            node = node.next.setdefault(word, _Names())
        node.complete = True


@dataclass(eq=False)
class _Step:
    """A place in the tree of one intent's samples."""

    intent: str
    words: dict[str, "_Step"] = field(default_factory=dict)
    slots: dict[str, "_Step"] = field(default_factory=dict)
    """Slot type (with 's behind it, if the sample has that) to where its end leads."""
    sample: str | None = None
    """The sample that ends here."""


@dataclass(frozen=True)
class _Inside:
    """Part of a slot has been heard; its end leads on to `then`."""

    names: _Names
    then: _Step


_State = _Step | _Inside


def conflicts(languages: Sequence[Language], written: Written) -> Found:
    """Pairs of lines in two intents that fit the same sentence."""
    told = set()
    for sentence, (first, second) in _common(_samples(languages), _types(languages)):
        places = sorted(
            ((written.sentence(step.intent, step.sample or ""), step) for step in (first, second)),
            key=lambda found: (found[0].file, found[0].line),
        )
        (early, earlier), (late, later) = places
        # One sentence for a pair of lines is enough to see what to do.
        if (early, late) in told:
            continue
        told.add((early, late))
        other = f"{earlier.intent} ({early.file.name}:{early.line})"
        yield late, f"{sentence!r} is {later.intent} and {other} at once; take it out of one of them"


def _samples(languages: Sequence[Language]) -> list[_Step]:
    """The tree of samples of each intent."""
    roots: dict[str, _Step] = {}
    for intent in (intent for language in languages for intent in language["intents"]):
        root = roots.setdefault(intent["name"], _Step(intent["name"]))
        types = {slot["name"]: slot["type"] for slot in intent.get("slots", ())}
        for sample in (*intent["samples"], *rules.BUILT_IN_INTENTS.get(intent["name"], ())):
            step = root
            for word in sample.split():
                if slot := rules.SLOT.match(word):
                    kind = types.get(slot[1], "") + word[slot.end() :]
                    step = step.slots.setdefault(kind, _Step(root.intent))
                else:
                    step = step.words.setdefault(word, _Step(root.intent))
            step.sample = sample
    return list(roots.values())


def _types(languages: Sequence[Language]) -> dict[str, _Names]:
    """The names of each type; of Alexa's endless ones, enough to meet what the samples can hold."""
    numbers = [*_NUMBERS, *(f"{ten} {one}" for ten in _NUMBERS[20:28] for one in _NUMBERS[1:10])]
    durations = [*(f"{number} {unit}" for number in numbers for unit in _UNITS), *_FRACTIONS]
    names = {
        "AMAZON.NUMBER": numbers,
        "AMAZON.DURATION": durations,
        "AMAZON.TIME": list(_TIMES),
        "AMAZON.DATE": list(_DATES),
    }
    for kind in (kind for language in languages for kind in language["types"]):
        for value in kind["values"]:
            names.setdefault(kind["name"], []).extend((value["name"]["value"], *value["name"]["synonyms"]))
    trees: dict[str, _Names] = {}
    for kind_name, all_names in names.items():
        for ending in ("", "'s"):
            tree = trees[kind_name + ending] = _Names()
            for name in all_names:
                tree.add(name + ending)
    return trees


def _common(roots: list[_Step], types: Mapping[str, _Names]) -> Iterator[tuple[str, tuple[_Step, _Step]]]:
    """Sentences that lead to the end of samples of two intents."""
    start = _opened(roots, types)
    seen = {start}
    # Shortest first and by the alphabet, so that every run names the same sentence.
    waiting = deque([(start, "")])
    while waiting:
        states, sentence = waiting.popleft()
        for word, following in sorted(_after(states, types).items(), key=itemgetter(0)):
            if following in seen or len({_intent(state) for state in following}) < 2:
                continue
            seen.add(following)
            longer = f"{sentence} {word}".strip()
            waiting.append((following, longer))
            ends = {step.intent: step for step in following if isinstance(step, _Step) and step.sample}
            for first, second in pairwise(ends[intent] for intent in sorted(ends)):
                yield longer, (first, second)


def _after(states: frozenset[_State], types: Mapping[str, _Names]) -> dict[str, frozenset[_State]]:
    """Each word that can come next, and where it leads."""
    found: dict[str, set[_State]] = {}
    for state in states:
        if isinstance(state, _Step):
            for word, step in state.words.items():
                found.setdefault(word, set()).add(step)
        else:
            for word, names in state.names.next.items():
                reached = found.setdefault(word, set())
                if names.next:
                    reached.add(_Inside(names, state.then))
                if names.complete:
                    reached.add(state.then)
    return {word: _opened(reached, types) for word, reached in found.items()}


def _opened(states: Iterable[_State], types: Mapping[str, _Names]) -> frozenset[_State]:
    """The states, and the insides of every slot that can begin there."""
    opened: set[_State] = set(states)
    for state in states:
        if isinstance(state, _Step):
            opened.update(_Inside(types[kind], step) for kind, step in state.slots.items() if kind in types)
    return frozenset(opened)


def _intent(state: _State) -> str:
    return state.intent if isinstance(state, _Step) else state.then.intent
