"""What must be known before a stretch: a replaced hip, which one, whether it is cleared; and what else rules it out.

What is known of the hips is a preference, kept in the profile and changed at any time. All else is forgotten with the
conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from skill.coaching.stretching import Wish, no_longer_allowed
from skill.coaching.stretching.heard import conditions_told, names_replaced_hip, tells_of_own_hip
from skill.coaching.stretching.wishes import REPLACED
from skill.coaching.therapy_session import MODALITIES, SIDES
from skill.content import words
from skill.handlers.conversation_state import HIP_QUESTIONS, UNSURE_HIP, Pending
from skill.handlers.questions import back_to_question
from skill.handlers.red_flags import red_flag
from skill.handlers.stretch_log import body_of, live_stretch
from skill.handlers.stretch_replies import nothing_to_go_on_with, safety_details
from skill.handlers.stretch_start import adapted, follow, heard_wish
from skill.handlers.therapy_start import NUMB_IS_AN_EMERGENCY
from skill.handlers.turn import Reply, Turn

STRETCH_QUESTIONS = ("stretch", "stretch_resume", "stretch_settled", "stretch_instead", "stretch_which", *HIP_QUESTIONS)
CONDITION_OF: Mapping[str, str] = {
    "hot_joint": "hot_swollen",
    "swelling": "hot_swollen",
    "fever": "fever",
    "pregnancy": "late_pregnancy",
    "operation": "recent_surgery",
}
"""Which of the stretch coach's conditions a caution of the heat and cold coach is (S15, S16). That of pregnancy is late
pregnancy: how far along somebody is isn't asked, and the safe side costs little."""
NOT_ABOUT_STRETCHING = frozenset("raynauds cold_allergy patch heat_rub".split())
"""Cautions that speak against heat or cold alone (C06, H13, H14)."""


def start(turn: Turn) -> Reply:
    """ "Stretch my piriformis", in any words, with anything missing."""
    wish, named, status = heard_wish(turn), _hip_named(turn), turn.id("hip_status")
    modality = turn.id("modality")
    beside = words(f"stretching.heat_and_cold.{modality}") if modality in MODALITIES else ""
    if beside and live_stretch(turn) is not None:
        return back_to_question(turn, Reply("heat_or_cold", beside, details={"lean": modality, "facts": []}))
    # A replaced hip comes first: whoever names one hasn't just been operated on.
    turn = _hip_told(turn, named) if named else _with_condition(turn, turn.id("caution"))
    turn = _with_status(turn)
    for condition in conditions_told(turn.said):
        turn = with_body(turn, condition)
    return follow(turn, wish, hip_named=bool(named) or status == "replaced").after(beside)


def replaced_hip(turn: Turn) -> Reply:
    """ "I have a new hip", "my surgeon says it's fine", "my hips are my own": remembered, and gone on with."""
    status = turn.id("hip_status")
    if status is None and turn.said and not names_replaced_hip(turn.said):
        # Something else that only sounds like it. A clearance that may just have been withdrawn doesn't count any more.
        known = turn.memory.profile.replaced_hip
        if known not in REPLACED:
            return nothing_to_go_on_with(turn)
        _keep_hip(turn, known, cleared=False)
        return _hip_known(turn, status)
    if status is None:
        # Alexa did not know the words, but what they are about: the safe side, also for what was allowed before.
        return _hip_known(_hip_told(turn, _side(turn.id("side")) or "yes", cleared=False), status)
    return _hip_known(_with_status(turn), status)


def remember_hip(turn: Turn, reply: Reply) -> Reply:
    """A replaced hip that was told where heat or cold is spoken of: remembered for the stretches, and said so."""
    named = _hip_named(turn) if turn.intent in ("TherapyCautionIntent", "StartTherapyIntent") else ""
    if not named or turn.memory.profile.replaced_hip in REPLACED or not _is_plainly_told(turn):
        return reply
    _keep_hip(turn, named, cleared=False)
    return reply.after(words("stretching.conversation.noted_hip"))


def _with_status(turn: Turn) -> Turn:
    """The turn, with what it says of a replaced hip kept, if anything."""
    status, known = turn.id("hip_status"), turn.memory.profile.replaced_hip
    side = _side(turn.id("side")) or (known if known in SIDES else "yes")
    if status == "replaced":
        return _hip_told(turn, side)
    if status == "not_replaced" and _is_plainly_told(turn):
        _keep_hip(turn, "no", cleared=False)
    elif status in ("cleared", "not_cleared"):
        # Nobody is cleared for a hip that was never replaced.
        _keep_hip(turn, side, cleared=status == "cleared")
    return turn


def _hip_told(turn: Turn, replaced: str, *, cleared: bool | None = None) -> Turn:
    """The turn, with a replaced hip kept. Where it isn't plain whose it is, or whether it was only asked about, it
    counts for this conversation alone, and the next one asks."""
    known = turn.memory.profile.replaced_hip
    if _is_plainly_told(turn):
        _keep_hip(turn, replaced, cleared=cleared)
    elif known in REPLACED and cleared is False:
        _keep_hip(turn, known, cleared=False)
    elif known not in REPLACED:
        _keep_hip(turn, "unknown", cleared=False)
        return with_body(turn, UNSURE_HIP)
    return turn


def _is_plainly_told(turn: Turn) -> bool:
    """Whether what is said of a replaced hip is said of the listener, or of whom they care for. Where Alexa has put the
    words into slots, only a wish sounds like a question: "stretch with a metal hip" may be either."""
    if turn.pending and turn.pending.question in HIP_QUESTIONS:
        return True
    if turn.said:
        return tells_of_own_hip(turn.said)
    return turn.intent == "ReplacedHipIntent" or (turn.intent == "TherapyCautionIntent" and not turn.value("modality"))


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
    if status == "not_replaced" or turn.memory.profile.stretches_cleared:
        question = words("stretching.conversation.shall_we_start")
        pending = Pending("stretch_instead", wish=Wish())
        speech = f"{words('stretching.conversation.noted')} {question}"
        return Reply("stretch_step", speech, question, {"step": "safety"}, pending)
    kept = turn.memory.profile.replaced_hip in REPLACED
    noted = words("stretching.conversation.noted") if kept and status != "not_cleared" else ""
    return follow(turn, heard_wish(turn), hip_named=True).after(noted)


def caution(turn: Turn) -> Reply:
    """Something that may speak against a stretch, said where stretching is what we speak of."""
    name = turn.id("caution")
    if has_numb_legs(turn):
        return red_flag(turn, "cauda_equina")
    named = _hip_named(turn)
    if named:
        return _hip_known(_hip_told(turn, named), "replaced")
    known = _with_condition(turn, name)
    session = live_stretch(turn)
    if known is turn and name in NOT_ABOUT_STRETCHING:
        return back_to_question(turn, Reply("stretch_step", words("stretching.conversation.noted_for_now")))
    if known is turn:
        # Nothing that the coach has a rule for: for the healthcare provider to say, before anything is held.
        speech = words("stretching.conversation.ask_first")
        if session is not None:
            turn.memory.keep_stretch(session.stopped().held())
        return Reply("stretch_declined", speech, details={"muscle": "all", "reason": "ask_first"})
    return _known_now(known)


def condition_told(turn: Turn) -> Reply:
    """ "I've got osteoporosis", said in the middle of a stretch (S10, S13, S14, S16)."""
    for condition in conditions_told(turn.said):
        turn = with_body(turn, condition)
    return _known_now(turn)


def _known_now(turn: Turn) -> Reply:
    """Go on, now that more is known of the body, if it allows."""
    session = live_stretch(turn)
    if session is None:
        return follow(turn, (turn.pending.wish if turn.pending else None) or Wish())
    if no_longer_allowed(session.place, body_of(turn)) is not None:
        return adapted(turn, session)
    reply = Reply("stretch_step", words("stretching.conversation.noted_for_now"), details={"step": "safety"})
    return replace(reply, body=turn.state.body)


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
    said = turn.said or turn.value("caution") or ""
    return (_side(turn.id("side")) or "yes") if names_replaced_hip(said) else ""


def _with_condition(turn: Turn, caution: str | None) -> Turn:
    """The turn with the condition that a caution stands for; the same turn when it stands for none."""
    condition = CONDITION_OF.get(caution or "")
    return with_body(turn, condition) if condition else turn


def _side(side: str | None) -> str:
    return side if side in SIDES else ""
