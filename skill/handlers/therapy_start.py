"""Starting heat or cold: from a wish in any words, through what must be asked first, to a session that runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from skill.alexa.timers import TIMERS_SCOPE, TimerTrouble
from skill.coaching.spoken_time import exact_length
from skill.coaching.therapy import Decision, Plan, decide, rules_out, usual_plan
from skill.coaching.therapy_session import MODALITIES, TherapySession, new_session
from skill.content import page, words
from skill.handlers.conversation_state import Pending
from skill.handlers.permission_question import permission_question
from skill.handlers.permission_token import plan_to_token
from skill.handlers.therapy_heard import filled_from, heard_amount, heard_plan, with_amount
from skill.handlers.therapy_replies import ask_safety_again, caution_noted, caution_while_on, length_unknown
from skill.handlers.therapy_timers import Present, ended, look_around, set_timers
from skill.handlers.therapy_words import (
    area_declined_words,
    caution_words,
    confirm_words,
    name_of,
    started_words,
    too_soon_words,
)
from skill.handlers.turn import Reply, Turn

NUMB_IS_AN_EMERGENCY = ("leg", "thigh", "foot", "genitals")
"""Where numbness points to more than the skin under a pack (R04)."""
DOWN = ("too_many", "offline", "unavailable")
"""Why timers can't be set just now, though this device has them."""


def start_therapy(turn: Turn) -> Reply:
    """ "Start cold therapy for fifteen minutes", in any words, with anything missing, or with a worry in the same
    breath ("he is asleep, start heat")."""
    if turn.id("caution") in page("cautions"):
        return therapy_caution(turn)
    return follow(turn, filled_from(turn, heard_plan(turn)))


def usual_therapy(turn: Turn) -> Reply:
    """ "Do my usual": the last session once more."""
    present = look_around(turn)
    plan = usual_plan(present.situation)
    if plan is None:
        speech = words("therapy.declined.no_usual")
        return _ask_modality(Plan(), "missing", speech)
    return follow(turn, plan, present)


def therapy_caution(turn: Turn) -> Reply:
    """Something that may speak against heat or cold: while it is on, as an answer to the safety question, or with a
    wish."""
    plan = filled_from(turn, heard_plan(turn))
    caution = turn.id("caution")
    if caution == "numb" and plan.area in NUMB_IS_AN_EMERGENCY:
        caution = "numb_legs"
    plan = replace(plan, caution=caution if caution in page("cautions") else None)
    present = look_around(turn)
    if present.running and (plan.caution is None or rules_out(plan.caution, present.running.modality)):
        return caution_while_on(turn, present.running, plan.caution).after(present.news)
    answers_safety = turn.pending is not None and turn.pending.question == "safety"
    if plan.caution is None:
        # Whatever it was that Alexa did not know: it may speak against it.
        return (
            follow(turn, plan, present) if plan.modality not in MODALITIES else _asked_for_safety(turn, plan, present)
        )
    if answers_safety and rules_out(plan.caution, plan.modality):
        speech = caution_words(plan.caution, plan.modality)
        declined = Reply("safety_declined", speech, details=_details(plan) | {"reason": plan.caution})
        return declined.after(present.news)
    if answers_safety:
        noted = words("cautions.noted.say", modality=name_of(plan.modality))
        return _ask_safety(plan, again=True).after(present.news, noted)
    if plan.modality is None and present.running:
        return caution_noted(turn, present.running).after(present.news)
    if plan.modality is None:
        ask_safety_again(turn)
        return _decline(turn, Decision("decline", plan, plan.caution), present).after(present.news)
    return follow(turn, plan, present)


def _asked_for_safety(turn: Turn, plan: Plan, present: Present) -> Reply:
    """The safety question, also to somebody who has answered it before, unless the wish comes to nothing anyway."""
    action = decide(plan, present.situation).action
    wont_do = action in ("decline", "ask_area")
    return follow(turn, plan, present) if wont_do else _ask_safety(plan).after(present.news)


def amount(turn: Turn) -> Reply:
    """A bare length, "fifteen minutes" or "fifteen": an answer to how long, a correction, or the start of a wish."""
    plan = with_amount(turn.pending.plan if turn.pending else Plan(), heard_amount(turn))
    return follow(turn, replace(plan, agreed=tuple(gate for gate in plan.agreed if gate != "amount")))


def follow(turn: Turn, plan: Plan, present: Present | None = None) -> Reply:
    """Take a plan as far as it goes: start it, ask what must be asked, or turn it down."""
    present = present or look_around(turn)
    running = present.situation.running_on(plan)
    if running and not running.id:
        # How long it has been on is not known while the log is away, so the same can't be started once more.
        return length_unknown(turn, running)
    decision = decide(plan, present.situation)
    action: Mapping[str, Callable[[], Reply]] = {
        "start": lambda: begin(turn, decision.plan, present),
        "confirm": lambda: _confirm(turn, decision, present),
        "ask_area": lambda: _ask_area(decision.plan),
        "ask_modality": lambda: _ask_modality(decision.plan, decision.reason or "missing"),
        "ask_safety": lambda: _ask_safety(decision.plan),
        "decline": lambda: _decline(turn, decision, present),
    }
    return action[decision.action]().after(present.news)


def _confirm(turn: Turn, decision: Decision, present: Present) -> Reply:
    plan, reason = decision.plan, decision.reason or ""
    speech, reprompt = confirm_words(plan, reason, present.situation)
    details = _details(plan) | {"asked_seconds": plan.asked_seconds, "reason": reason}
    return Reply("therapy_confirm", speech, reprompt, details, Pending(decision.gate or "amount", plan))


def _ask_area(plan: Plan) -> Reply:
    question = words("therapy.ask.area")
    plan = replace(plan, area=None)
    return Reply("therapy_asked", question, question, _details(plan) | {"missing": "area"}, Pending("area", plan))


def _ask_modality(plan: Plan, reason: str, speech: str | None = None) -> Reply:
    if speech is None and reason in ("both", "conflict"):
        speech = words(f"therapy.ask.modality_{reason}")
    elif speech is None and plan.seconds is not None and plan.reason is None:
        speech = words("therapy.ask.modality_for", minutes=exact_length(plan.seconds).capitalize())
    details = {
        "seconds": plan.asked_seconds or plan.seconds,
        "area": plan.area,
        "side": plan.side,
        "missing": "modality",
    }
    details["reason"] = reason
    question = words("therapy.ask.modality")
    return Reply("therapy_asked", speech or question, question, details, Pending("modality", plan))


def _ask_safety(plan: Plan, again: bool = False) -> Reply:
    question, reprompt = words("therapy.safety.question"), words("therapy.safety.reprompt")
    return Reply("safety_asked", reprompt if again else question, reprompt, _details(plan), Pending("safety", plan))


def _decline(turn: Turn, decision: Decision, present: Present) -> Reply:
    plan, reason = decision.plan, decision.reason or ""
    details = _details(plan) | {"reason": reason}
    if reason == "area":
        return Reply("therapy_declined", area_declined_words(plan.area or ""), details=details)
    if reason != "too_soon":
        return Reply("therapy_declined", caution_words(reason, plan.modality), details=details)
    reply = Reply("therapy_declined", too_soon_words(plan, present.situation), details=details)
    if decision.gate is None:
        return reply
    reprompt = words("therapy.declined.too_soon_reprompt")
    return replace(reply, reprompt=reprompt, pending=Pending(decision.gate, plan))


def begin(turn: Turn, plan: Plan, present: Present) -> Reply:
    """Start the session: end one that runs, set the timers, note it in the log, and say it back."""
    memory, now = turn.memory, turn.now
    running = present.running
    session = new_session(memory.new_entry_id(now), plan.modality or "", plan.seconds or 0, plan.area, plan.side, now)
    if running and running.modality == session.modality:
        session = replace(session, timer_number=running.timer_number + 1)
    trouble = None
    if "no_timer" not in plan.agreed:
        try:
            session = set_timers(turn, session)
        except TimerTrouble as caught:
            trouble = caught.reason
    # Somebody who has just said yes or no to Alexa's own question is not asked once more.
    if trouble == "permission" and not memory.profile.timers_denied and turn.connection_status is None:
        return ask_permission(plan)
    # Only now that the new one is sure to start: until then the old one goes on, with its timers.
    old = ended(turn, running, "replaced") if running else None
    memory.keep_session(session)
    zone = turn.time_zone() if session.timer == "none" else None
    down = trouble in DOWN or (trouble == "permission" and turn.connection_status is not None)
    speech = started_words(session, new_person="safety" in plan.agreed, zone=zone, then=plan.then, timers_down=down)
    first = ""
    if running and running.modality != session.modality:
        first = words("therapy.started.take_off_first", pack=words(f"therapy.packs.{running.modality}"))
    reply = Reply("therapy_started", speech, details=therapy_details(session) | _and_then(plan)).after(first)
    return reply.then(words("therapy.running.old_timer_stays")) if old and old.has_timers else reply


def ask_permission(plan: Plan) -> Reply:
    """Have Alexa ask whether Hip Coach may set timers."""
    speech = words("therapy.permission.ask")
    return permission_question(TIMERS_SCOPE, speech, plan_to_token(plan), _details(plan))


def therapy_details(session: TherapySession) -> dict[str, Any]:
    """What the turn record says of a session."""
    return {
        "modality": session.modality,
        "seconds": session.planned_seconds,
        "area": session.area,
        "side": session.side,
        "timer": session.timer,
    }


def _details(plan: Plan) -> dict[str, Any]:
    return {"modality": plan.modality, "seconds": plan.seconds, "area": plan.area, "side": plan.side} | _and_then(plan)


def _and_then(plan: Plan) -> dict[str, Any]:
    return {"then": plan.then} if plan.then else {}
