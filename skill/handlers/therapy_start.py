"""Starting heat or cold: from a wish in any words, through what must be asked first, to a session that runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from skill.alexa.timers import TIMERS_SCOPE, TimerTrouble
from skill.alexa.voice_permission import ask_for
from skill.coaching.amounts import Amount, judge_amount
from skill.coaching.spoken_time import exact_length, rough_length
from skill.coaching.therapy import REST_SECONDS, Decision, Plan, decide, known_side, rules_out, usual_plan
from skill.coaching.therapy_session import MODALITIES, TherapySession, new_session
from skill.content import page, words
from skill.handlers.conversation_state import Pending
from skill.handlers.permission_token import plan_to_token
from skill.handlers.therapy_timers import Present, look_around, remove_timers, set_timers
from skill.handlers.therapy_words import (
    area_declined_words,
    caution_words,
    confirm_words,
    name_of,
    started_words,
)
from skill.handlers.turn import Reply, Turn

NUMB_IS_AN_EMERGENCY = ("leg", "thigh", "foot", "genitals")
"""Where numbness points to more than the skin under a pack (R04)."""


def start_therapy(turn: Turn) -> Reply:
    """ "Start cold therapy for fifteen minutes", in any words, with anything missing."""
    plan = heard_plan(turn)
    if turn.pending:
        plan = _filled_from(plan, turn.pending.plan, amount_given=_amount_given(turn))
    return follow(turn, plan)


def usual_therapy(turn: Turn) -> Reply:
    """ "Do my usual": the last session once more."""
    present = look_around(turn)
    plan = usual_plan(present.situation)
    if plan is None:
        speech = words("therapy.declined.no_usual")
        return _ask_modality(Plan(), "missing", speech)
    return follow(turn, plan, present)


def therapy_caution(turn: Turn) -> Reply:
    """Something that may speak against heat or cold: as an answer to the safety question, or with a wish."""
    plan = heard_plan(turn)
    if turn.pending:
        plan = _filled_from(plan, turn.pending.plan, amount_given=_amount_given(turn))
    caution = turn.id("caution")
    if caution == "numb" and plan.area in NUMB_IS_AN_EMERGENCY:
        caution = "numb_legs"
    plan = replace(plan, caution=caution if caution in page("cautions") else None)
    answers_safety = turn.pending is not None and turn.pending.question == "safety"
    if plan.caution is None:
        return _ask_safety(plan) if answers_safety else _ask_modality(plan, "missing", words("therapy.ask.modality"))
    ruled_out = rules_out(plan.caution, plan.modality)
    if answers_safety and ruled_out:
        speech = caution_words(plan.caution, plan.modality)
        return Reply("safety_declined", speech, details=_details(plan) | {"reason": plan.caution})
    if ruled_out or plan.modality is None:
        return _decline(turn, Decision("decline", plan, plan.caution), look_around(turn))
    if answers_safety:
        return _ask_safety(plan).after(words("cautions.noted.say", modality=name_of(plan.modality)))
    return follow(turn, plan)


def amount(turn: Turn) -> Reply:
    """A bare length, "fifteen minutes" or "fifteen": an answer to how long, a correction, or the start of a wish."""
    plan = _with_amount(turn.pending.plan if turn.pending else Plan(), heard_amount(turn))
    return follow(turn, replace(plan, agreed=tuple(gate for gate in plan.agreed if gate != "amount")))


def heard_plan(turn: Turn) -> Plan:
    """What the slots of this turn say of a session."""
    modality = turn.id("modality")
    with_modality = turn.id("with_modality")
    if modality in MODALITIES and with_modality in MODALITIES and with_modality != modality:
        modality = "conflict"
    area = turn.id("area") or ("unknown" if turn.value("area") else None)
    plan = Plan(
        modality=modality,
        area=area,
        side=known_side(turn.id("side")),
        then=turn.id("then_modality"),
    )
    return _with_amount(plan, heard_amount(turn)) if _amount_given(turn) else plan


def heard_amount(turn: Turn) -> Amount:
    """How long this turn asks for: of "ten of heat, then ice for five" the first, for the second comes afterwards."""
    duration, minutes = turn.value("duration"), turn.value("minutes")
    if minutes and turn.value("then_modality"):
        duration = None
    return judge_amount(duration, minutes, turn.value("lowest"), turn.id("length"))


def _amount_given(turn: Turn) -> bool:
    return any(turn.value(slot) for slot in ("duration", "minutes", "lowest", "length"))


def _with_amount(plan: Plan, amount: Amount) -> Plan:
    return replace(plan, seconds=amount.seconds, asked_seconds=amount.asked_seconds, reason=amount.reason)


def _filled_from(plan: Plan, earlier: Plan, amount_given: bool) -> Plan:
    """A plan that answers a question keeps what was said before."""
    filled = replace(
        plan,
        modality=plan.modality or (earlier.modality if earlier.modality in MODALITIES else None),
        area=plan.area or earlier.area,
        side=plan.side or earlier.side,
        then=plan.then or earlier.then,
    )
    if amount_given:
        return filled
    return replace(filled, seconds=earlier.seconds, asked_seconds=earlier.asked_seconds, reason=earlier.reason)


def follow(turn: Turn, plan: Plan, present: Present | None = None) -> Reply:
    """Take a plan as far as it goes: start it, ask what must be asked, or turn it down."""
    present = present or look_around(turn)
    decision = decide(plan, present.situation)
    action: Mapping[str, Callable[[], Reply]] = {
        "start": lambda: begin(turn, decision.plan, present),
        "confirm": lambda: _confirm(turn, decision, present),
        "ask_modality": lambda: _ask_modality(decision.plan, decision.reason or "missing"),
        "ask_safety": lambda: _ask_safety(decision.plan),
        "decline": lambda: _decline(turn, decision, present),
    }
    return action[decision.action]().after(present.news)


def _confirm(turn: Turn, decision: Decision, present: Present) -> Reply:
    speech, reprompt = confirm_words(decision.plan, decision.reason or "", present.running, turn.now)
    details = _details(decision.plan) | {"asked_seconds": decision.plan.asked_seconds, "reason": decision.reason}
    pending = Pending(decision.gate or "amount", decision.plan)
    return Reply("therapy_confirm", speech, reprompt, details, pending)


def _ask_modality(plan: Plan, reason: str, speech: str | None = None) -> Reply:
    if speech is None and reason in ("both", "conflict"):
        speech = words(f"therapy.ask.modality_{reason}")
    elif speech is None and plan.seconds is not None:
        speech = words(
            "therapy.ask.modality_for", minutes=exact_length(plan.asked_seconds or plan.seconds).capitalize()
        )
    details = {
        "seconds": plan.asked_seconds or plan.seconds,
        "area": plan.area,
        "side": plan.side,
        "missing": "modality",
    }
    details["reason"] = reason
    question = words("therapy.ask.modality")
    return Reply("therapy_asked", speech or question, question, details, Pending("modality", plan))


def _ask_safety(plan: Plan) -> Reply:
    return Reply(
        "safety_asked",
        words("therapy.safety.question"),
        words("therapy.safety.reprompt"),
        _details(plan),
        Pending("safety", plan),
    )


def _decline(turn: Turn, decision: Decision, present: Present) -> Reply:
    plan, reason = decision.plan, decision.reason or ""
    details = _details(plan) | {"reason": reason}
    if reason == "area":
        return Reply("therapy_declined", area_declined_words(plan.area or ""), details=details)
    if reason == "too_soon":
        return _too_soon(turn, decision, present, details)
    return Reply("therapy_declined", caution_words(reason, plan.modality), details=details)


def _too_soon(turn: Turn, decision: Decision, present: Present, details: Mapping[str, Any]) -> Reply:
    plan, running = decision.plan, present.running
    modality = name_of(plan.modality)
    if running:
        done = rough_length(running.done(turn.now))
        return Reply(
            "therapy_declined", words("therapy.declined.enough", modality=modality, done=done), details=details
        )
    speech = words("therapy.declined.too_soon", modality=modality, ago=rough_length(since_last(turn, plan, present)))
    return Reply(
        "therapy_declined",
        speech,
        words("therapy.declined.too_soon_reprompt"),
        details,
        Pending("too_soon", plan),
    )


def since_last(turn: Turn, plan: Plan, present: Present) -> int:
    """Seconds since the last session of this kind ended."""
    last = present.situation.last_ended(plan.modality or "")
    return round((turn.now - last.ended_at).total_seconds()) if last and last.ended_at else REST_SECONDS


def begin(turn: Turn, plan: Plan, present: Present) -> Reply:
    """Start the session: end one that runs, set the timers, note it in the log, and say it back."""
    memory, now = turn.memory, turn.now
    new_person = "safety" in plan.agreed
    running = present.running
    session = new_session(memory.new_entry_id(now), plan.modality or "", plan.seconds or 0, plan.area, plan.side, now)
    if running:
        remove_timers(turn, running)
        memory.keep_session(running.end("replaced", now))
    if "no_timer" not in plan.agreed:
        try:
            session = set_timers(turn, session)
        except TimerTrouble as trouble:
            if trouble.reason == "permission" and not memory.profile.timers_denied:
                return ask_permission(plan)
    memory.keep_session(session)
    zone = turn.time_zone() if session.timer == "none" else None
    speech = started_words(session, new_person=new_person, zone=zone, then=plan.then)
    return Reply("therapy_started", speech, details=therapy_details(session) | _and_then(plan))


def ask_permission(plan: Plan) -> Reply:
    """Have Alexa ask whether Hip Coach may set timers. The plan travels in the token, for attributes may be lost."""
    return Reply(
        "permission_asked",
        words("therapy.permission.ask"),
        details={"scope": TIMERS_SCOPE} | _details(plan),
        directives=[ask_for(TIMERS_SCOPE, plan_to_token(plan))],
        leaves_session_to_alexa=True,
    )


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
