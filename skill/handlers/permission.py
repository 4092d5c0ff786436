"""The answer to Alexa's own question whether Hip Coach may set timers, or reminders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from skill.alexa.reminders import REMINDERS_SCOPE
from skill.alexa.timers import TIMERS_SCOPE
from skill.alexa.voice_permission import consent_card, read_answer
from skill.coaching.therapy import Plan
from skill.content import words
from skill.handlers import reminders
from skill.handlers.conversation_state import Pending
from skill.handlers.permission_token import plan_from_token, reminder_from_token
from skill.handlers.therapy_start import follow
from skill.handlers.therapy_words import confirm_words
from skill.handlers.turn import Reply, Turn


@dataclass(frozen=True)
class _Permission:
    """A permission, and how the talk goes on after Alexa's question for it."""

    scope: str
    with_it: Callable[[Turn], Reply]
    without_it: Callable[[Turn, str], Reply]
    """Told why: denied, not_answered or misconfigured."""


def connections_response(turn: Turn) -> Reply:
    """Go on with what the question interrupted: with the permission, or with the way on that there is without it."""
    asked = _REMINDERS if reminder_from_token(turn.connection_token) else _TIMERS
    answer = read_answer(turn.connection_status, turn.connection_payload)
    if answer.answer == "accepted":
        return asked.with_it(turn)
    refused = answer.answer in ("denied", "not_answered")
    reply = asked.without_it(turn, answer.answer if refused else "misconfigured")
    return replace(reply, card=consent_card(asked.scope)) if refused and not answer.card_sent else reply


def _with_timer(turn: Turn) -> Reply:
    turn.memory.keep_profile(replace(turn.memory.profile, timers_denied=False))
    plan = plan_from_token(turn.connection_token)
    if plan is None:
        return Reply("welcome", words("conversation.what_now"), words("conversation.what_now"))
    return follow(turn, plan)


def _by_the_clock(turn: Turn, why: str) -> Reply:
    """The way on without a timer, so that nobody is left with an ice pack and no answer."""
    if why == "denied":
        turn.memory.keep_profile(replace(turn.memory.profile, timers_denied=True))
    plan = plan_from_token(turn.connection_token) or Plan()
    details = {"scope": TIMERS_SCOPE, "modality": plan.modality, "seconds": plan.seconds}
    first = words(f"therapy.permission.{why}")
    if plan.modality is None or plan.seconds is None:
        what_now = words("conversation.what_now")
        return Reply("permission_denied", what_now, what_now, details).after(first)
    speech, reprompt = confirm_words(plan, "no_timer", turn.situation())
    return Reply("permission_denied", speech, reprompt, details, Pending("no_timer", plan)).after(first)


_TIMERS = _Permission(TIMERS_SCOPE, _with_timer, _by_the_clock)
_REMINDERS = _Permission(REMINDERS_SCOPE, reminders.with_permission, reminders.without_permission)
