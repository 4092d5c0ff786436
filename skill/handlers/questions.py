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
from skill.handlers.turn import Reply, Turn

OFFER_EVERY = 2
"""After every second answer another question is offered; after each would be nagging."""
_PAGES = {ANSWER: "answers", HEAT_OR_COLD: "heat_or_cold"}


def answer(turn: Turn, name: str) -> Reply:
    """An answer from the article, in one or two sentences."""
    entry = page("answers")[name]
    details = {"answer": name, "facts": entry["facts"], "partial": entry["partial"]}
    reply = Reply("answer", entry["say"], words("conversation.anything_else"), details, last_answer=label(ANSWER, name))
    if turn.pending:
        return back_to_question(turn, reply)
    count = turn.state.answers + 1
    if count % OFFER_EVERY == 0:
        reply = replace(reply, speech=f"{reply.speech} {_offer(entry, name)}".strip())
    return replace(reply, answers=count)


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
    reply = Reply("out_of_scope", entry["say"], words("conversation.anything_else"), {"topic": entry["topic"]})
    # So that "tell me more" and "where does that come from" don't take up an answer from before.
    reply = replace(reply, last_answer=label(OUT_OF_SCOPE, name))
    return back_to_question(turn, reply) if turn.pending else reply


def more(turn: Turn) -> Reply:
    """ "Tell me more": the rest of the last answer."""
    entry, kind, name = _last(turn)
    if entry is None:
        return Reply("fallback", words("conversation.no_answer_yet"), words("conversation.what_now"))
    reply = Reply(
        "more", entry["more"], words("conversation.anything_else"), {"answer": name}, last_answer=label(kind, name)
    )
    return back_to_question(turn, reply) if turn.pending else reply


def source(turn: Turn) -> Reply:
    """ "Where does that come from?" """
    entry, kind, name = _last(turn)
    if entry is None:
        speech, details = words("conversation.source"), {"answer": None}
        return Reply("source", speech, words("conversation.anything_else"), details)
    speech = f"{entry['source']} {words('conversation.source_outside') if entry.get('evidence') else ''}".strip()
    reply = Reply(
        "source", speech, words("conversation.anything_else"), {"answer": name}, last_answer=label(kind, name)
    )
    return back_to_question(turn, reply) if turn.pending else reply


def what_else(turn: Turn) -> Reply:
    """ "What else can I ask?": two questions that lead on from the last answer, or to begin with."""
    entry, kind, name = _last(turn)
    answers = page("answers")
    names = [offer for offer in (entry or {}).get("next", ()) if offer in answers] or list(page("offers")["first"])
    first, second = ([*names, *page("offers")["first"]])[:2]
    speech = words("conversation.you_could_ask", first=answers[first]["offer"], second=answers[second]["offer"])
    last = label(kind, name) if entry else ""
    reply = Reply("help", speech, words("conversation.anything_else"), last_answer=last)
    return back_to_question(turn, reply) if turn.pending else reply


def back_to_question(turn: Turn, reply: Reply) -> Reply:
    """After a question in the middle of something: the open question once more."""
    question = turn.state.reprompt
    return replace(reply, speech=f"{reply.speech} {question}".strip(), reprompt=question, pending=turn.pending)


def _offer(entry: dict[str, Any], name: str) -> str:
    answers = page("answers")
    offers = [offer for offer in entry["next"] if offer in answers and offer != name]
    return words("conversation.you_could_also_ask", question=answers[offers[0]]["offer"]) if offers else ""


def _last(turn: Turn) -> tuple[dict[str, Any] | None, str, str]:
    kind, name = split_label(turn.state.last_answer)
    if kind not in _PAGES:
        return None, "", ""
    return page(_PAGES[kind]).get(name), kind, name
