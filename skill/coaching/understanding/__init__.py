"""Free text to anything the skill can do: a question, a command in odd words, a red flag, or "I don't know".

Red flags come first, and need less: people play emergencies down, so a false alarm is the smaller harm. All else must
fit well enough, or it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from skill.coaching.understanding.labels import (
    ANSWER,
    ANY,
    INTENT,
    KINDS,
    OUT_OF_SCOPE,
    PAST_INTENTS,
    RED_FLAG,
    REMINDER_INTENTS,
    intent_of,
    label,
    split_label,
)

if TYPE_CHECKING:
    from skill.coaching.understanding.lexicon import Spoken

KNOWN_FROM = -0.7
"""The least score that counts as understood. Set on held-back sentences: below it, hardly half are right."""
KIND_SHARE = 0.35
"""How much the judge for the whole kind (any answer, any red flag) adds to the judge for the one meaning."""
RED_FLAG_BEHIND = 0.55
"""How far a red flag may be behind the best other meaning and still come first."""
RED_FLAG_FROM = -0.7
"""The least score at which a red flag is raised."""
ANSWER_AHEAD = 0.1
"""How much more an answer needs than `BEYOND_SHARE` of the best topic beyond the article. A wrong answer is worse than
an honest "I don't know". At 0.1 four more of a hundred questions beyond the article are refused, and one more of a
hundred that have an answer; at 0.2 six and two."""
BEYOND_SHARE = 0.87
"""Found by a logistic judge on lines that the judges had not learnt from."""
PLAIN_WISH = 0.6
"""What it adds to the wish for a session when heat or cold and a length are named, and nothing is asked."""
START = label(INTENT, "StartTherapyIntent")
MANIPULATION = label(OUT_OF_SCOPE, "manipulation")
"""Orders to break the rules name a session too: "pretend you are my doctor and let me have heat for an hour"."""


@dataclass(frozen=True)
class Understanding:
    """What was understood, and why."""

    label: str | None
    """What is meant (`answer:how_long`, `red_flag:stroke`, `intent:PauseTherapyIntent`), None when it is not known."""
    intent: str = "AMAZON.FallbackIntent"
    """The intent that would have brought it."""
    score: float = 0.0
    second: str | None = None
    """What came second."""
    second_score: float = 0.0
    reason: str = "nothing was said"
    slots: Mapping[str, Spoken] = field(default_factory=dict)
    """For commands: heat or cold, how long, where, as Alexa's own slots would have them."""


def understand(text: str) -> Understanding:
    """Understand free text. Linear in its length, which is cut at 500 characters; never raises."""
    # Imported here because most starts are not for free text, and a cold start is short of time.
    from skill.coaching.understanding.commands import is_plain_wish
    from skill.coaching.understanding.denials import without_denials
    from skill.coaching.understanding.features import words_of

    words = words_of(text)
    if not words:
        return Understanding(None)
    sign = _said_outright(words)
    if sign:
        return Understanding(label(RED_FLAG, sign), intent_of(RED_FLAG, sign), reason="said outright")
    ranked = _ranked(words)
    best, second = ranked[0], ranked[1]
    feared = without_denials(words)
    flags = ranked if feared == words else _ranked(feared)
    flag = next(item for item in flags if split_label(item[1])[0] == RED_FLAG)
    if flag[0] >= RED_FLAG_FROM and flag[0] >= best[0] - RED_FLAG_BEHIND:
        return _understood(flag, second if best == flag else best, "red flags come first", words)
    if best[1] != MANIPULATION and is_plain_wish(words):
        ranked = sorted(((score + PLAIN_WISH * (name == START), name) for score, name in ranked), reverse=True)
        best, second = ranked[0], ranked[1]
    if split_label(best[1])[0] == RED_FLAG:
        ranked = [item for item in ranked if split_label(item[1])[0] != RED_FLAG]
        best, second = ranked[0], ranked[1]
    if split_label(best[1])[0] == ANSWER:
        beyond = next(item for item in ranked if split_label(item[1])[0] == OUT_OF_SCOPE)
        if best[0] - BEYOND_SHARE * beyond[0] < ANSWER_AHEAD:
            best, second = beyond, best
    if best[0] < KNOWN_FROM:
        return Understanding(None, score=best[0], second=best[1], second_score=best[0], reason="nothing fits well")
    return _understood(best, second, "it fits best", words)


def _said_outright(words: list[str]) -> str | None:
    """The red flag of which a sentence names a sign that leaves no doubt, in whatever request it is tucked."""
    from skill.coaching.understanding.denials import is_said
    from skill.content import page

    for name, entry in page("red_flags").items():
        if any(is_said(words, sign.split()) for sign in entry.get("signs", ())):
            return str(name)
    return None


def _ranked(words: list[str]) -> list[tuple[float, str]]:
    """Every meaning with its score, the best first."""
    from skill.coaching.understanding.classifier import classifier
    from skill.coaching.understanding.features import features_of

    judge = classifier()
    scores = dict(zip(judge.names, judge.scores(features_of(words)), strict=True))
    whole = {kind: KIND_SHARE * scores.pop(label(kind, ANY)) for kind in KINDS}
    return sorted(((score + whole[split_label(name)[0]], name) for name, score in scores.items()), reverse=True)


def _understood(best: tuple[float, str], second: tuple[float, str], reason: str, words: list[str]) -> Understanding:
    kind, name = split_label(best[1])
    if kind == INTENT:
        slots = _slots(name, words)
        return Understanding(best[1], name, best[0], second[1], second[0], reason, slots)
    return Understanding(best[1], intent_of(kind, name), best[0], second[1], second[0], reason)


def _slots(intent: str, words: list[str]) -> Mapping[str, Spoken]:
    """The slots of an intent that the words fill."""
    if intent in REMINDER_INTENTS:
        from skill.coaching.understanding.reminder_slots import reminder_slots

        return reminder_slots(words)
    if intent in PAST_INTENTS:
        from skill.coaching.understanding.past_slots import past_slots

        return past_slots(words)
    from skill.coaching.understanding.commands import spoken_slots

    return spoken_slots(words)
