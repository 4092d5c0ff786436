"""What is kept of a visit."""

from __future__ import annotations

from simulator import Echo
from skill.content import words
from skill.session_log import PROFILE, SESSION_KEY
from tests.skill.privacy.people import kinds


def test_a_visit_is_when_and_nothing_else() -> None:
    echo = Echo.returning()
    echo.launch()
    assert kinds(echo) == ["profile"]
    echo.end_session()
    visit = echo.log_entries()[-1]
    assert visit == {"entry": visit["entry"], "kind": "visit", "revision": 1}
    assert visit["entry"].startswith("visit#2026-03-02T09:00:00.000Z#")


def test_a_conversation_is_one_visit_however_much_is_said() -> None:
    echo = Echo.returning()
    for said in ("open hip coach", "start cold for fifteen minutes", "open hip coach", "pause it", "resume", "stop"):
        echo.say(said)
    echo.end_session()
    assert kinds(echo).count("visit") == 4  # opened twice, and "resume" and "stop" came after an end of their own


def test_a_visit_that_can_not_be_noted_holds_nobody_up() -> None:
    echo = Echo.returning()
    echo.launch()
    echo.table.fail("unreachable")
    turn = echo.say("goodbye")
    assert (turn.speech, turn.listening) == (words("conversation.goodbye"), False)
    assert kinds(echo) == ["profile"]


def test_the_profile_key_sorts_between_sessions_and_visits() -> None:
    assert SESSION_KEY < PROFILE < "visit#"
