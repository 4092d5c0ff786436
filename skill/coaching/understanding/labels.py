"""What a sentence can mean, by name: `answer:how_long`, `red_flag:stroke`, `intent:PauseTherapyIntent`.

Each entry of the content has an intent of its own in the interaction model; here one name is made from the other.
"""

from __future__ import annotations

import re

ANSWER = "answer"
RED_FLAG = "red_flag"
OUT_OF_SCOPE = "out_of_scope"
HEAT_OR_COLD = "heat_or_cold"
INTENT = "intent"
KINDS = (ANSWER, RED_FLAG, OUT_OF_SCOPE, HEAT_OR_COLD, INTENT)
ANY = "any"
"""`red_flag:any` says that there is a red flag, whichever: one judge for each kind, beside those for its members."""

PAST_INTENTS = frozenset({"HistoryIntent", "HistoryLastIntent", "HistoryCountIntent"})
REMINDER_INTENTS = frozenset({"ReminderIntent", "ReminderTimeIntent", "ReminderListIntent", "ReminderCancelIntent"})
"""Intents whose slots are read in a way of their own."""

_ENDINGS = {
    ANSWER: "AnswerIntent",
    RED_FLAG: "RedFlagIntent",
    OUT_OF_SCOPE: "TopicIntent",
    HEAT_OR_COLD: "ChoiceIntent",
}
_CAPITAL = re.compile("(?<!^)(?=[A-Z])")


def label(kind: str, name: str) -> str:
    """The label of an entry or an intent."""
    return f"{kind}:{name}"


def split_label(text: str) -> tuple[str, str]:
    """(kind, name) of a label."""
    kind, _, name = text.partition(":")
    return kind, name


def intent_of(kind: str, name: str) -> str:
    """The intent of a content entry: `("answer", "how_long")` is `HowLongAnswerIntent`."""
    return "".join(part.capitalize() for part in name.split("_")) + _ENDINGS[kind]


def entry_of(intent: str) -> tuple[str, str] | None:
    """(kind, id) of the content entry whose intent this would be by its name; None for other intents."""
    for kind, ending in _ENDINGS.items():
        if intent.endswith(ending) and len(intent) > len(ending):
            return kind, _CAPITAL.sub("_", intent.removesuffix(ending)).lower()
    return None
