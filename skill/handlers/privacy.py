"""What is kept, and deleting it: by voice, with a question first, and when the skill is disabled."""

from __future__ import annotations

from skill.alexa.timers import TimerTrouble
from skill.content import words
from skill.handlers.conversation_state import Pending
from skill.handlers.questions import and_what_else
from skill.handlers.therapy_words import modality_of_label, name_of
from skill.handlers.turn import Reply, Turn

QUESTION = "delete_all"


def privacy(turn: Turn) -> Reply:
    """ "What do you store?" """
    return and_what_else(turn, Reply("privacy", words("privacy.kept")))


def ask_delete(turn: Turn) -> Reply:
    """ "Delete my data": what that means, and whether it is meant."""
    running = turn.situation().running
    speech = words("privacy.ask_delete")
    if running:
        speech = words("privacy.ask_delete_running", modality=name_of(running.modality))
    return Reply("delete_asked", speech, words("privacy.reprompt"), pending=Pending(QUESTION))


def delete(turn: Turn) -> Reply:
    """A yes to it: the timers go, a session that runs is over, and nothing of the person is kept."""
    running = turn.situation().running if turn.state.known is not None else None
    timed, reached = _remove_timers(turn)
    modality = running.modality if running else timed
    forgotten = turn.memory.forget(turn.now)
    if forgotten is None:
        question = words("privacy.failed")
        reply = Reply("unavailable", question, question, {"service": "log"}, Pending(QUESTION))
    else:
        key = "in_parts" if not forgotten.complete else "deleted" if forgotten.count else "nothing_there"
        details = {"entries": forgotten.count, "complete": forgotten.complete}
        reply = Reply("data_deleted", words(f"privacy.{key}"), details=details)
    if modality is None:
        return reply
    may_ring = not reached and (running is None or running.has_timers)
    timer_news = words("therapy.running.timers_down") if may_ring else ""
    return reply.after(words("privacy.take_off", pack=words(f"therapy.packs.{modality}")), timer_news)


def keep(turn: Turn) -> Reply:
    """A no to it."""
    return Reply("delete_cancelled", words("privacy.cancelled"))


def skill_disabled(turn: Turn) -> Reply:
    """The person has disabled the skill: nothing of theirs is kept. The event has no session, and may come twice."""
    forgotten = turn.memory.forget(turn.now)
    if forgotten is None:
        return Reply("unavailable", "", details={"service": "log"})
    return Reply("data_deleted", "", details={"entries": forgotten.count, "complete": forgotten.complete})


def _remove_timers(turn: Turn) -> tuple[str | None, bool]:
    """Remove every timer that the skill has set. Says which session was timed, and whether all could be reached."""
    modality = None
    try:
        for timer in turn.timers.all():
            modality = modality_of_label(timer.label) or modality
            turn.timers.remove(timer.id)
    except TimerTrouble as trouble:
        # Without the permission there are none.
        return modality, trouble.reason in ("permission", "unsupported")
    return modality, True
