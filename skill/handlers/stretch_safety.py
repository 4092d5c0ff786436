"""What must be known before a stretch: a replaced hip, which one, whether it is cleared; and what else rules it out.

What is known of the hips is a preference, kept in the profile and changed at any time. All else is forgotten with the
conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from skill.coaching.stretching import Wish, no_longer_allowed
from skill.coaching.therapy_session import SIDES
from skill.content import words
from skill.handlers.conversation_state import UNSURE_HIP, Pending
from skill.handlers.free_text import spoken_text
from skill.handlers.red_flags import red_flag
from skill.handlers.stretch_log import body_of, live_stretch
from skill.handlers.stretch_replies import safety_details
from skill.handlers.stretch_start import adapted, follow, heard_wish
from skill.handlers.therapy_start import NUMB_IS_AN_EMERGENCY
from skill.handlers.turn import Reply, Turn

HIP_QUESTIONS = ("replaced_hip", "hip_cleared")
STRETCH_QUESTIONS = ("stretch", "stretch_resume", "stretch_instead", "stretch_which", *HIP_QUESTIONS)
CONDITION_OF: Mapping[str, str] = {
    "hot_joint": "hot_swollen",
    "swelling": "hot_swollen",
    "fever": "fever",
    "pregnancy": "late_pregnancy",
    "operation": "recent_surgery",
}
"""Which of the stretch coach's conditions a caution of the heat and cold coach is (S15, S16). That of pregnancy is late
pregnancy: how far along somebody is isn't asked, and the safe side costs little."""
_OF_A_REPLACED_HIP = frozenset("hip hips metal artificial replaced replacement".split())


def start(turn: Turn) -> Reply:
    """ "Stretch my piriformis", in any words, with anything missing."""
    wish = heard_wish(turn)
    turn = _with_condition(turn, turn.id("caution"))
    _note_status(turn)
    named = _hip_named(turn)
    if named:
        _keep_hip(turn, named, cleared=None)
    return follow(turn, wish, hip_named=bool(named) or turn.id("hip_status") == "replaced")


def replaced_hip(turn: Turn) -> Reply:
    """ "I have a new hip", "my surgeon says it's fine", "my hips are my own": remembered, and gone on with."""
    status = turn.id("hip_status")
    _note_status(turn)
    if status is None:
        # Alexa did not know the words, but what they are about: the safe side, also for what was allowed before.
        _keep_hip(turn, _side(turn.id("side")) or "yes", cleared=False)
    return _hip_known(turn, status)


def _note_status(turn: Turn) -> None:
    """Keep what this turn says of a replaced hip, if anything."""
    status, known = turn.id("hip_status"), turn.memory.profile.replaced_hip
    side = _side(turn.id("side")) or (known if known in SIDES else "yes")
    if status == "not_replaced":
        _keep_hip(turn, "no", cleared=False)
    elif status is not None:
        # Nobody is cleared for a hip that was never replaced.
        _keep_hip(turn, side, cleared={"cleared": True, "not_cleared": False}.get(status))


def _hip_known(turn: Turn, status: str | None) -> Reply:
    """Go on with what was asked for, now that more is known of the hips."""
    pending = turn.pending
    if pending and pending.question in HIP_QUESTIONS and pending.wish:
        return _next_question(turn, pending.wish)
    session = live_stretch(turn)
    if session is not None:
        if no_longer_allowed(session.place, body_of(turn)) is not None:
            return adapted(turn, session)
        return Reply("stretch_step", words("stretching.conversation.noted"), details={"step": "safety"})
    if status in ("not_replaced", "cleared"):
        question = words("stretching.conversation.shall_we_start")
        pending = Pending("stretch_instead", wish=Wish())
        speech = f"{words('stretching.conversation.noted')} {question}"
        return Reply("stretch_step", speech, question, {"step": "safety"}, pending)
    return follow(turn, heard_wish(turn), hip_named=True)


def caution(turn: Turn) -> Reply:
    """Something that may speak against a stretch, said where stretching is what we speak of."""
    name = turn.id("caution")
    if has_numb_legs(turn):
        return red_flag(turn, "cauda_equina")
    named = _hip_named(turn)
    if named:
        _keep_hip(turn, named, cleared=None)
        return _hip_known(turn, "replaced")
    known = _with_condition(turn, name)
    wish = turn.pending.wish if turn.pending else None
    session = live_stretch(turn)
    if known is turn:
        # Nothing that the coach has a rule for: for the healthcare provider to say, before anything is held.
        speech = words("stretching.conversation.ask_first")
        if session is not None:
            turn.memory.keep_stretch(session.stopped())
        return Reply("stretch_declined", speech, details={"muscle": "all", "reason": "ask_first"})
    if session is not None:
        if no_longer_allowed(session.place, body_of(known)) is not None:
            return adapted(known, session)
        reply = Reply("stretch_step", words("stretching.conversation.noted_for_now"), details={"step": "safety"})
        return replace(reply, body=known.state.body)
    return follow(known, wish or Wish())


def has_numb_legs(turn: Turn) -> bool:
    """Whether the legs are numb, which is an emergency (R04). Tingling is a reason to let go (S08)."""
    is_numb = turn.id("caution") == "numb" and turn.id("area") in NUMB_IS_AN_EMERGENCY
    return is_numb and turn.value("caution") not in ("tingling", "tingly", "pins and needles")


def hip_yes(turn: Turn, pending: Pending) -> Reply:
    """A yes to one of the questions about the hips."""
    replaced = turn.memory.profile.replaced_hip
    known = replaced if replaced in SIDES else "yes"
    if pending.question == "hip_cleared":
        _keep_hip(turn, known, cleared=True)
        return follow(turn, _wish(pending)).after(words("stretching.safety.noted_cleared"))
    _keep_hip(turn, _side(turn.id("side")) or known, cleared=None)
    return _next_question(turn, _wish(pending))


def hip_no(turn: Turn, pending: Pending) -> Reply:
    """A no to one of them."""
    if pending.question == "hip_cleared":
        not_cleared = words("stretching.safety.noted_not_cleared")
        return follow(turn, _wish(pending), hip_named=True).after(not_cleared)
    _keep_hip(turn, "no", cleared=False)
    return follow(turn, _wish(pending)).after(words("stretching.safety.noted_no"))


def hip_unsure(turn: Turn, pending: Pending) -> Reply:
    """Not sure: the safe side. It isn't kept, so that the question comes again another day."""
    if pending.question == "hip_cleared":
        return hip_no(turn, pending)
    careful = words("stretching.safety.not_sure")
    return follow(with_body(turn, UNSURE_HIP), _wish(pending), hip_named=True).after(careful)


def side_of_hip(turn: Turn) -> Reply | None:
    """ "The left one", where a yes or a no was asked for: a yes, with the side. None for anything else."""
    pending = turn.pending
    if pending is None or pending.question != "replaced_hip" or not _side(turn.id("side")):
        return None
    if turn.intent not in ("StretchOneSideIntent", "StartTherapyIntent") or turn.value("modality"):
        return None
    return hip_yes(turn, pending)


def with_body(turn: Turn, name: str) -> Turn:
    """The turn, with this known of the person's body for the rest of the conversation."""
    return replace(turn, state=replace(turn.state, body=tuple(sorted({*turn.state.body, name}))))


def _next_question(turn: Turn, wish: Wish) -> Reply:
    """Whether the surgeon has cleared it, where that matters; else the stretch."""
    profile = turn.memory.profile
    if profile.replaced_hip in ("no", "unknown") or profile.stretches_cleared:
        return follow(turn, wish)
    question = words("stretching.safety.cleared")
    return Reply("stretch_started", question, question, safety_details(wish), Pending("hip_cleared", wish=wish))


def _wish(pending: Pending) -> Wish:
    return pending.wish or Wish()


def _keep_hip(turn: Turn, replaced: str, *, cleared: bool | None) -> None:
    """Keep what is known of the hips; clearance stays as it was when nothing was said of it."""
    profile = turn.memory.profile
    cleared = profile.stretches_cleared if cleared is None else cleared
    turn.memory.keep_profile(replace(profile, replaced_hip=replaced, stretches_cleared=cleared))


def _hip_named(turn: Turn) -> str:
    """Which hip was replaced, by what was said with a wish or as a caution: a side, "yes", or nothing."""
    if turn.id("caution") != "operation":
        return ""
    said = {*spoken_text(turn).split(), *(turn.value("caution") or "").split()}
    return (_side(turn.id("side")) or "yes") if said & _OF_A_REPLACED_HIP else ""


def _with_condition(turn: Turn, caution: str | None) -> Turn:
    """The turn with the condition that a caution stands for; the same turn when it stands for none."""
    condition = CONDITION_OF.get(caution or "")
    return with_body(turn, condition) if condition else turn


def _side(side: str | None) -> str:
    return side if side in SIDES else ""
