"""Yes, no, not sure and bare amounts: what they mean depends on the question that is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from skill.coaching.spoken_time import rough_length
from skill.coaching.stretching import Wish
from skill.coaching.therapy import GATES
from skill.content import words
from skill.handlers import privacy, questions, stretch_safety, stretch_start, therapy_running, therapy_start
from skill.handlers.conversation_state import HIP_QUESTIONS, Pending
from skill.handlers.therapy_replies import no_therapy
from skill.handlers.therapy_timers import look_around
from skill.handlers.therapy_words import name_of, wait_words
from skill.handlers.turn import Reply, Turn


def yes(turn: Turn) -> Reply:
    """Yes: go through the gate that was asked about."""
    pending = turn.pending
    if pending is None and turn.state.follow_up:
        return questions.follow_up(turn)
    if pending is None:
        # "Start", "go on then": with nothing asked, it is a wish to begin.
        return therapy_start.start_therapy(turn) if turn.intent == "AgreeIntent" else _nothing_asked()
    if pending.question in HIP_QUESTIONS:
        return stretch_safety.hip_yes(turn, pending)
    if pending.question in ("stretch_instead", "stretch_which"):
        return stretch_start.follow(turn, pending.wish or Wish())
    if pending.question == "stretch_resume":
        return stretch_start.go_on_with_left(turn)
    if pending.question == "stretch_settled":
        return stretch_start.settled(turn, pending)
    if pending.question in GATES:
        if pending.question == "safety":
            turn.memory.keep_profile(replace(turn.memory.profile, safety_answered=True))
        return therapy_start.follow(turn, pending.plan.agree(pending.question))
    if pending.question == "stop":
        return therapy_running.stop(turn)
    if pending.question == "length" and pending.plan.seconds:
        return therapy_running.make_length(turn, pending.plan.seconds)
    if pending.question == privacy.QUESTION:
        return privacy.delete(turn)
    if pending.question == "fever":
        return questions.fever(turn, ill=True)
    if pending.question == "anything_else":
        question = words("conversation.what_would_you_like")
        return Reply("welcome", question, question)
    return _asked_again(turn, pending)


def ready(turn: Turn) -> Reply:
    """ "Ready", "next": a yes to whatever is about going on, but never to deleting or to whether it is safe."""
    if turn.pending and turn.pending.question in (privacy.QUESTION, "safety", "stretch_settled"):
        return _asked_again(turn, turn.pending)
    return yes(turn)


def no(turn: Turn) -> Reply:
    """No: nothing is started; what is running goes on."""
    pending = turn.pending
    if pending is None:
        return questions.no_follow_up(turn) or _nothing_asked()
    answers: Mapping[str, Callable[[Turn, Pending], Reply]] = {
        # "I've changed my mind" drops the plan; a plain "no" is about the length alone.
        "amount": _not_started if turn.intent == "DeclineIntent" else _other_amount,
        "safety": _unsafe,
        "replace": _keep_running,
        "stop": _keep_running,
        "extend": _keep_running,
        "shorten": _keep_running,
        "length": _keep_running,
        "too_soon": _rest_first,
        "no_timer": _no_timer,
        "fever": lambda turn, _: questions.fever(turn, ill=False),
        "anything_else": _goodbye,
        privacy.QUESTION: lambda turn, _: privacy.keep(turn),
        "replaced_hip": stretch_safety.hip_no,
        "hip_cleared": stretch_safety.hip_no,
        "stretch_instead": _goodbye,
        "stretch_which": _goodbye,
        "stretch_resume": lambda turn, _: stretch_start.drop_left(turn),
        "stretch_settled": lambda turn, _: stretch_start.not_settled(turn),
    }
    return answers.get(pending.question, _not_started)(turn, pending)


def unsure(turn: Turn) -> Reply:
    """Not sure: to the safety question that is a no; to any other, the question once more."""
    pending = turn.pending
    if pending is None:
        return questions.no_follow_up(turn) or _nothing_asked()
    if pending.question in HIP_QUESTIONS:
        return stretch_safety.hip_unsure(turn, pending)
    if pending.question == "stretch_settled":
        return stretch_start.not_settled(turn)
    if pending.question == "safety":
        speech = words("therapy.safety.declined_unsure", modality=name_of(pending.plan.modality))
        return Reply("safety_declined", speech, details=_plan_details(pending) | {"reason": "unsure"})
    return _asked_again(turn, pending)


def no_problems(turn: Turn) -> Reply:
    """ "No problems there": a yes to the safety question, in spite of its first word."""
    if turn.pending and turn.pending.question == "safety":
        return yes(turn)
    if turn.pending and turn.pending.question == "replaced_hip":
        return stretch_safety.hip_no(turn, turn.pending)
    return _asked_again(turn, turn.pending) if turn.pending else _nothing_asked()


def amount(turn: Turn) -> Reply:
    """A bare length: to add or to take off where that was asked; for what runs, how long in all; else to time."""
    if turn.pending and turn.pending.question == "extend":
        return therapy_running.extend(turn)
    if turn.pending and turn.pending.question == "shorten":
        return therapy_running.shorten(turn)
    if turn.pending is None or turn.pending.question == "length":
        present = look_around(turn)
        if present.running:
            return therapy_running.ask_length(turn, present, present.running).after(present.news)
    return therapy_start.amount(turn)


def _other_amount(turn: Turn, pending: Pending) -> Reply:
    if pending.plan.reason == "suggested":
        return _not_started(turn, pending)  # nobody had asked for a session
    question = words("therapy.ask.amount")
    details = {"modality": pending.plan.modality, "area": pending.plan.area, "missing": "duration"}
    return Reply("therapy_asked", question, question, details, Pending("how_long", pending.plan))


def _unsafe(turn: Turn, pending: Pending) -> Reply:
    speech = words("therapy.safety.declined", modality=name_of(pending.plan.modality))
    return Reply("safety_declined", speech, details=_plan_details(pending) | {"reason": "no"})


def _keep_running(turn: Turn, pending: Pending) -> Reply:
    present = look_around(turn)
    running = present.running
    if running is None:
        return no_therapy(turn, present)
    remaining = running.remaining(turn.now)
    speech = words(
        "therapy.declined.replace_kept", running=name_of(running.modality), remaining=rough_length(remaining)
    )
    return Reply("therapy_remaining", speech, details={"modality": running.modality, "remaining_seconds": remaining})


def _rest_first(turn: Turn, pending: Pending) -> Reply:
    plan = pending.plan
    wait = wait_words(plan, look_around(turn).situation)
    speech = words("therapy.declined.too_soon_wait", modality=name_of(plan.modality), wait=wait)
    return Reply("therapy_declined", speech, details=_plan_details(pending) | {"reason": "too_soon"})


def _no_timer(turn: Turn, pending: Pending) -> Reply:
    speech = words("therapy.declined.no_timer")
    return Reply("therapy_declined", speech, details=_plan_details(pending) | {"reason": "no_timer"})


def _not_started(turn: Turn, pending: Pending) -> Reply:
    if pending.plan.reason == "suggested":
        # Offered in the middle of a stretch, perhaps: then that goes on.
        stretch = stretch_start.back_from_an_offer(turn)
        if stretch is not None:
            return stretch
    return Reply("goodbye", words("therapy.declined.not_started"))


def _goodbye(turn: Turn, pending: Pending) -> Reply:
    turn.memory.is_last_try = True
    return Reply("goodbye", words("conversation.goodbye"))


def _nothing_asked() -> Reply:
    return Reply("fallback", words("conversation.nothing_asked"), words("conversation.what_now"))


def _asked_again(turn: Turn, pending: Pending) -> Reply:
    """The open question once more."""
    question = turn.state.reprompt or words("conversation.what_now")
    return Reply("fallback", question, question, pending=pending)


def _plan_details(pending: Pending) -> dict[str, object]:
    plan = pending.plan
    return {"modality": plan.modality, "seconds": plan.seconds, "area": plan.area}
