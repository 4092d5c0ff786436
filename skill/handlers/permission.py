"""The answer to Alexa's own question whether Hip Coach may set timers."""

from __future__ import annotations

from dataclasses import replace

from skill.alexa.timers import TIMERS_SCOPE
from skill.alexa.voice_permission import consent_card, read_answer
from skill.coaching.therapy import Plan
from skill.content import words
from skill.handlers.conversation_state import Pending
from skill.handlers.permission_token import plan_from_token
from skill.handlers.therapy_start import follow
from skill.handlers.therapy_words import confirm_words
from skill.handlers.turn import Reply, Turn


def connections_response(turn: Turn) -> Reply:
    """Go on with the plan that the question interrupted: with a timer, or with the offer to go by the clock."""
    plan = plan_from_token(turn.connection_token)
    answer = read_answer(turn.connection_status, turn.connection_payload)
    profile = turn.memory.profile
    if answer.answer == "accepted":
        turn.memory.keep_profile(replace(profile, timers_denied=False))
        if plan is None:
            return Reply("welcome", words("conversation.what_now"), words("conversation.what_now"))
        return follow(turn, plan)
    if answer.answer == "denied":
        turn.memory.keep_profile(replace(profile, timers_denied=True))
    first = {
        "denied": "denied",
        "not_answered": "not_answered",
    }.get(answer.answer, "misconfigured")
    reply = _by_the_clock(turn, plan or Plan())
    if answer.answer in ("denied", "not_answered") and not answer.card_sent:
        reply = replace(reply, card=consent_card(TIMERS_SCOPE))
    return reply.after(words(f"therapy.permission.{first}"))


def _by_the_clock(turn: Turn, plan: Plan) -> Reply:
    """The way on without a timer, so that nobody is left with an ice pack and no answer."""
    details = {"scope": TIMERS_SCOPE, "modality": plan.modality, "seconds": plan.seconds}
    if plan.modality is None or plan.seconds is None:
        return Reply("permission_denied", words("conversation.what_now"), words("conversation.what_now"), details)
    speech, reprompt = confirm_words(plan, "no_timer", turn.situation())
    return Reply("permission_denied", speech, reprompt, details, Pending("no_timer", plan))
