"""Red flags: what to do comes first, and nothing is started, asked or scored in that turn."""

from __future__ import annotations

from dataclasses import replace

from skill.content import page, words
from skill.handlers.therapy_timers import look_around, pause_timers
from skill.handlers.turn import Reply, Turn


def red_flag(turn: Turn, name: str) -> Reply:
    """Help first. A session that runs is paused, so that nobody lies on a pack while they see to it."""
    entry = page("red_flags")[name]
    speech = entry["say"].format(**numbers(turn.locale))
    details = {"flag": name, "action": entry["action"]}
    return Reply("red_flag", f"{speech} {pause_session(turn)}".strip(), _first_sentence(speech), details, red_flag=name)


def still_there(turn: Turn) -> Reply:
    """Anything that is not understood after a red flag: what to do, once more (never a menu)."""
    name = turn.state.red_flag
    entry = page("red_flags")[name]
    speech = entry["say"].format(**numbers(turn.locale))
    details = {"flag": name, "action": entry["action"], "again": True}
    return Reply("red_flag", speech, _first_sentence(speech), details, red_flag=name)


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


def _first_sentence(speech: str) -> str:
    return speech.split(". ")[0].rstrip(".") + "."
