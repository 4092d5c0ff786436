"""Red flags: what to do comes first, and nothing is started, asked or scored in that turn."""

from __future__ import annotations

from dataclasses import replace

from skill.content import page, words
from skill.handlers.stretch_log import pause_stretch
from skill.handlers.therapy_timers import look_around, pause_timers, remove_timers
from skill.handlers.turn import Reply, Turn

DONE_BY_THE_PACK = ("burn", "ice_burn")


def red_flag(turn: Turn, name: str) -> Reply:
    """Help first. A session that runs is paused, so that nobody lies on a pack while they see to it.

    Where the session itself did the harm, it is stopped for good. A stretch waits where it is.
    """
    entry = page("red_flags")[name]
    speech = entry["say"].format(**numbers(turn.locale))
    details = {"flag": name, "action": entry["action"]}
    session = stop_session(turn) if name in DONE_BY_THE_PACK else pause_session(turn)
    rest = " ".join(filter(None, [speech, session, pause_stretch(turn)]))
    return Reply("red_flag", rest, _first_sentence(speech), details, red_flag=name)


def flag_of_caution(turn: Turn) -> str | None:
    """The red flag that a caution is, by the place that is named with it: a hot or swollen leg may be a clot (R08)."""
    is_leg = turn.id("area") == "leg"  # the list's name for the calf and the shin, too
    return "clot_in_leg" if is_leg and turn.id("caution") in ("hot_joint", "swelling") else None


def still_there(turn: Turn) -> Reply:
    """Anything that is not understood after a red flag: what to do, once more (never a menu)."""
    name = turn.state.red_flag
    entry = page("red_flags")[name]
    speech = entry["say"].format(**numbers(turn.locale))
    details = {"flag": name, "action": entry["action"], "again": True}
    return Reply("red_flag", speech, _first_sentence(speech), details, red_flag=name)


def is_emergency(name: str) -> bool:
    """Whether a red flag is one for the emergency number."""
    return bool(page("red_flags")[name]["action"] == "emergency")


def goodbye(turn: Turn) -> Reply:
    """ "Stop", after a red flag: the conversation ends with what to do, once more."""
    entry = page("red_flags")[turn.state.red_flag]
    first = _first_sentence(entry["say"].format(**numbers(turn.locale)))
    return Reply("goodbye", words("conversation.goodbye_after_red_flag", first=first))


def numbers(locale: str) -> dict[str, str]:
    """What to call, for the listener's country; neutral words where it isn't known."""
    known = page("emergency_numbers")
    found: dict[str, str] = known.get(locale, known["neutral"])
    return found


def pause_session(turn: Turn) -> str:
    """Pause what runs, and say to take it off; nothing when nothing runs."""
    running = look_around(turn).running
    if running is None or running.is_paused:
        return ""
    reached = pause_timers(turn, running)
    paused = running.pause(turn.now)
    turn.memory.keep_session(paused if reached else replace(paused, timer="none"))
    speech = words("conversation.red_flag_paused", pack=words(f"therapy.packs.{running.modality}"))
    return speech if reached else f"{speech} {words('therapy.running.timers_down')}"


def stop_session(turn: Turn) -> str:
    """Stop what runs; what to do about the skin is said already."""
    running = look_around(turn).running
    if running is None:
        return ""
    remove_timers(turn, running)
    turn.memory.keep_session(running.end("stopped", turn.now))
    return words("conversation.red_flag_stopped")


def _first_sentence(speech: str) -> str:
    return speech.split(". ")[0].rstrip(".") + "."
