"""Questions: an answer from the article, more of it, where it comes from, heat or cold, and what can't be answered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from skill.coaching.spoken_time import exact_length
from skill.coaching.therapy import Plan
from skill.coaching.therapy_session import MODALITIES
from skill.coaching.understanding.labels import ANSWER, HEAT_OR_COLD, OUT_OF_SCOPE, label, split_label
from skill.content import page, words
from skill.handlers.conversation_state import Pending
from skill.handlers.red_flags import pause_session, red_flag
from skill.handlers.standard import goodbye
from skill.handlers.turn import Reply, Turn

OFFER_EVERY = 2
"""After every second answer another question is offered, after the others more of the same: never both."""
_PAGES = {ANSWER: "answers", HEAT_OR_COLD: "heat_or_cold"}


def answer(turn: Turn, name: str) -> Reply:
    """An answer from the article, in one or two sentences, and a way on from there."""
    entry = page("answers")[name]
    details = {"answer": name, "facts": entry["facts"], "partial": entry["partial"]}
    reply = Reply("answer", entry["say"], details=details, last_answer=label(ANSWER, name))
    if turn.pending:
        return back_to_question(turn, reply)
    count = turn.state.answers + 1
    reply = replace(reply, answers=count)
    return (count % OFFER_EVERY == 0 and _offering(reply, entry)) or _asking(reply, "more")


def heat_or_cold(turn: Turn, name: str) -> Reply:
    """Help in choosing. Where the article leans one way, the session is offered, and a yes starts it."""
    entry = page("heat_or_cold")[name]
    lean = entry["lean"]
    details = {"lean": lean, "facts": entry["facts"], "answer": name}
    reply = Reply(
        "heat_or_cold", entry["say"], words("therapy.ask.modality"), details, last_answer=label(HEAT_OR_COLD, name)
    )
    if lean in MODALITIES:
        seconds = entry["offer_minutes"] * 60
        question = words("conversation.shall_i_time_it", minutes=exact_length(seconds), modality=lean)
        plan = Plan(modality=lean, seconds=seconds, reason="suggested")
        return replace(reply, reprompt=question, pending=Pending("amount", plan))
    if lean == "hot_joint_check":
        asked = replace(reply, reprompt=words("conversation.fever_or_ill"), pending=Pending("fever"))
        return asked.after(pause_session(turn))
    return replace(reply, reprompt=words("conversation.stiff_or_swollen"), pending=Pending("stiff_or_swollen"))


def fever(turn: Turn, ill: bool) -> Reply:
    """The answer to whether somebody with a hot, red, swollen hip has a fever or feels ill (R03)."""
    if ill:
        return red_flag(turn, "joint_infection")
    return Reply("heat_or_cold", words("conversation.no_fever"), details={"lean": "ask", "facts": ["F16"]})


def out_of_scope(turn: Turn, name: str) -> Reply:
    """What the article leaves out, or what Hip Coach can't do: said honestly, with a safe pointer."""
    entry = page("out_of_scope")[name]
    # The label, so that "tell me more" and "where does that come from" don't take up an answer from before.
    reply = Reply(
        "out_of_scope", entry["say"], details={"topic": entry["topic"]}, last_answer=label(OUT_OF_SCOPE, name)
    )
    return and_what_else(turn, reply)


def more(turn: Turn) -> Reply:
    """ "Tell me more": the rest of the last answer, and once that is told, the question that leads on from it."""
    entry, kind, name = _last(turn)
    if entry is None:
        return Reply("fallback", words("conversation.no_answer_yet"), words("conversation.what_now"))
    last = label(kind, name)
    reply = Reply("more", entry["more"], details={"answer": name}, last_answer=last, more_of=last)
    if turn.state.more_of == last:
        reply = replace(reply, speech=words("conversation.no_more_on_that"))
        if not turn.pending:
            return _offering(reply, entry) or _asking(reply, "what_else")
    return and_what_else(turn, reply)


def source(turn: Turn) -> Reply:
    """ "Where does that come from?" """
    entry, kind, name = _last(turn)
    if entry is None:
        return and_what_else(turn, Reply("source", words("conversation.source"), details={"answer": None}))
    speech = f"{entry['source']} {words('conversation.source_outside') if entry.get('evidence') else ''}".strip()
    return and_what_else(turn, Reply("source", speech, details={"answer": name}, last_answer=label(kind, name)))


def follow_up(turn: Turn) -> Reply:
    """A yes to what was asked in passing: more of the answer, the question that was offered, or an open ear."""
    if turn.state.follow_up == "more":
        return more(turn)
    entry, _, _ = _last(turn)
    offered = _offered(entry) if entry else None
    if turn.state.follow_up == "offer" and offered:
        return answer(turn, offered)
    question = words("conversation.what_would_you_like")
    return Reply("welcome", question, question)


def no_follow_up(turn: Turn) -> Reply | None:
    """A no to what was asked in passing: to "anything else?" it ends the talk. None when nothing was asked."""
    if turn.state.follow_up == "what_else":
        return goodbye(turn)
    if turn.state.follow_up:
        return _asking(Reply("welcome", words("conversation.all_right")), "what_else")
    return None


def what_else(turn: Turn) -> Reply:
    """ "What else can I ask?": two questions that lead on from the last answer, or to begin with."""
    entry, kind, name = _last(turn)
    answers = page("answers")
    names = [offer for offer in (entry or {}).get("next", ()) if offer in answers] or list(page("offers")["first"])
    first, second = ([*names, *page("offers")["first"]])[:2]
    speech = words("conversation.you_could_ask", first=answers[first]["offer"], second=answers[second]["offer"])
    last = label(kind, name) if entry else ""
    reply = Reply("help", speech, words("conversation.what_would_you_like"), last_answer=last)
    return back_to_question(turn, reply) if turn.pending else reply


def back_to_question(turn: Turn, reply: Reply) -> Reply:
    """After a question in the middle of something: the open question once more."""
    question = turn.state.reprompt
    return replace(reply, speech=f"{reply.speech} {question}".strip(), reprompt=question, pending=turn.pending)


def and_what_else(turn: Turn, reply: Reply) -> Reply:
    """The reply, and then the question that was open before; with none, whether there is anything else."""
    return back_to_question(turn, reply) if turn.pending else _asking(reply, "what_else")


def _asking(reply: Reply, follow_up: str, **filled: str) -> Reply:
    """The reply with a passing question at its end: a microphone is never left open without one."""
    question = words(f"conversation.follow_up.{follow_up}", **filled)
    return replace(reply, speech=f"{reply.speech} {question}", reprompt=question, follow_up=follow_up)


def _offering(reply: Reply, entry: dict[str, Any]) -> Reply | None:
    """The reply with the question that leads on from its answer; None when there is none."""
    offered = _offered(entry)
    return _asking(reply, "offer", question=page("answers")[offered]["offer"]) if offered else None


def _offered(entry: dict[str, Any]) -> str | None:
    answers = page("answers")
    return next((name for name in entry.get("next", ()) if name in answers and answers[name] is not entry), None)


def _last(turn: Turn) -> tuple[dict[str, Any] | None, str, str]:
    kind, name = split_label(turn.state.last_answer)
    if kind not in _PAGES:
        return None, "", ""
    return page(_PAGES[kind]).get(name), kind, name
