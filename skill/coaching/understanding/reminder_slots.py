"""What free words say of a reminder, as Alexa's slots would have said it: what for, when, how often."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from skill.coaching.understanding.alexa_dates import PARTS
from skill.coaching.understanding.lexicon import Spoken, phrases
from skill.coaching.understanding.spoken import read_duration
from skill.coaching.understanding.spoken_when import read_date, read_time

_SLOTS = {"ReminderAbout": "reminder_about", "Recurrence": "recurrence", "ReminderWhich": "which"}
_PLACE = "place"
_PLACES = {"ReminderPlace": _PLACE}
_THAT = "it"
_CANCELLING = frozenset("cancel delete remove erase scrap undo drop bin".split())
_CANCELLING_TOGETHER = ({"get", "rid"}, {"turn", "off"}, {"switch", "off"}, {"call", "off"})
_NO_REMINDERS = frozenset("timer timers session sessions data history log diary entry entries stretching".split())
_NOT = frozenset("don't not never keep leave".split())
_BEFORE_A_TIME = frozenset("at by around about for to make it till before from is no".split())
_BEDTIME = {"bedtime": "NI", "bed": "NI", "teatime": "AF", "lunchtime": "12:00", "lunch": "12:00", "dinner": "EV"}
"""Times that only people have; a part of the day is offered for them."""


def reminder_slots(words: Sequence[str], answers: bool = False) -> dict[str, Spoken]:
    """The slots that the words fill.

    Args:
        words: the sentence.
        answers: whether it answers the question when: then a bare number is a time too.
    """
    slots: dict[str, Spoken] = {}
    place = 0
    while place < len(words):
        name, spoken, end = next(_found(words, place, answers), ("", None, place + 1))
        if spoken is not None and (name not in slots or slots[name].ids == (_THAT,)):
            slots[name] = spoken
        place = end
    if len(slots) > 1 and _PLACE in slots and slots[_PLACE].ids == (_THAT,):
        # "Get rid of it, the morning one": what it is was said as well.
        del slots[_PLACE]
    other = None if answers or "reminder_about" in slots else _something_else(words)
    return slots if other is None else slots | {"reminder_about": other}


def speaks_of_cancelling(words: Sequence[str]) -> bool:
    """Whether something is to be cancelled, a reminder perhaps: "cancel that one", "get rid of the morning one"."""
    said = {*words}
    if said & _NO_REMINDERS:
        return False
    return bool(said & _CANCELLING) or any(both <= said for both in _CANCELLING_TOGETHER)


def is_to_stay(words: Sequence[str]) -> bool:
    """Whether nothing is to go: "don't cancel it", "keep that one"."""
    return not _NOT.isdisjoint(words)


def _something_else(words: Sequence[str]) -> Spoken | None:
    """What somebody wants to be reminded of, where it is nothing of ours: "remind me to water the plants"."""
    asked = next((place for place, word in enumerate(words) if word in ("remind", "nudge", "prompt")), None)
    if asked is None or not {"hip", "hips"}.isdisjoint(words):
        return None
    for place in range(asked + 2, min(asked + 4, len(words) - 1)):
        if words[place] in ("to", "about", "of") and next(_found(words, place + 1, False), None) is None:
            return Spoken(words[place + 1])
    return None


def _found(words: Sequence[str], place: int, answers: bool) -> Iterator[tuple[str, Spoken | None, int]]:
    """What can begin here, the surest first: slot, value, and the place after it."""
    listed = _listed(words, place, _SLOTS)
    if listed:
        yield listed
    length = read_duration(words, place)
    if length and place and words[place - 1] in ("in", "after"):
        yield "delay", Spoken(length[0]), length[1]
    day = read_date(words, place)
    if day:
        yield "date", Spoken(day[0]), day[1]
    at = read_time(words, place)
    if at and _is_meant(words, place, at, answers):
        yield "time", Spoken(at[0]), at[1]
    if words[place] in _BEDTIME:
        yield "time", Spoken(_BEDTIME[words[place]]), place + 1
    # "The first" stands in many dates.
    listed = _listed(words, place, _PLACES)
    if listed:
        yield listed


def _is_meant(words: Sequence[str], place: int, at: tuple[str, int], answers: bool) -> bool:
    """Whether a number is a time of day: where more than an hour is named, or a word before it says so."""
    if at[0] in PARTS.values() or at[1] > place + 1 or words[place] in ("noon", "midday", "midnight"):
        return True
    return answers or (place > 0 and words[place - 1] in _BEFORE_A_TIME)


def _listed(words: Sequence[str], place: int, lists: Mapping[str, str]) -> tuple[str, Spoken, int] | None:
    """The longest name of one of these lists that begins here, with its slot."""
    best: tuple[str, Spoken, int] | None = None
    for phrase, kind, value in phrases("reminder_lexicon").get(words[place], ()):
        end = place + len(phrase)
        if kind in lists and tuple(words[place:end]) == phrase and (best is None or end > best[2]):
            best = lists[kind], Spoken(" ".join(phrase), (value,)), end
    return best
