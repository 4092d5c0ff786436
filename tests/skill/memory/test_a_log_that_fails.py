"""What is kept, and done later, while the log is away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from simulator import Echo
from simulator.table_faults import TableFaults
from skill.handlers.memory import Memory
from skill.handlers.profile import Profile
from skill.session_log import PROFILE, LogEntry, SessionLog
from skill.session_log.stored_values import item_of
from tests.skill.memory.turns import NOW, held, next_turn, session


def test_what_could_not_be_saved_is_carried_over_and_saved_later(
    log: SessionLog, person: str, faults: TableFaults
) -> None:
    memory = Memory(log, person, "first", (), ())
    memory.keep_session(session())
    faults.fail("unreachable")
    # WHEN the log can't be written
    assert not memory.save()
    assert [entry.entry for entry in memory.unsaved] == [session().id]
    # AND the session goes on in the next turn
    later = next_turn(memory, log, person)
    later.keep_session(session().pause(NOW + timedelta(minutes=5)))
    assert later.save()
    # THEN it is written as it is then, once
    entry = held(log, person)[session().id]
    assert (entry.revision, entry.fields["outcome"]) == (1, "paused")
    assert later.unsaved == ()


def test_a_log_that_failed_is_not_tried_again_in_the_same_turn(
    log: SessionLog, person: str, faults: TableFaults
) -> None:
    faults.fail("slow")
    memory = Memory(log, person, "first", None, ())
    assert memory.profile == Profile()
    memory.keep_session(session())
    assert not memory.save()
    assert memory.log_failed
    assert faults.met == 1


def test_what_could_not_be_read_is_read_in_the_next_turn(log: SessionLog, person: str, faults: TableFaults) -> None:
    # GIVEN a session in the log
    earlier = Memory(log, person, "earlier", None, ())
    earlier.keep_session(session())
    earlier.save()
    # WHEN the log can't be read for one turn
    faults.fail("unreachable")
    memory = Memory(log, person, "first", None, ())
    assert memory.sessions() == []
    memory.keep_profile(Profile(safety_answered=True))
    memory.save()
    # THEN the next turn sees the session, and what this one had to say is not lost
    later = next_turn(memory, log, person)
    assert [found.id for found in later.sessions()] == [session().id]
    assert later.profile.safety_answered
    assert later.save()
    assert held(log, person)[PROFILE].fields["safety_answered"] is True


def test_a_session_known_from_its_timer_alone_is_not_logged(log: SessionLog, person: str) -> None:
    memory = Memory(log, person, "first", None, ())
    memory.keep_session(replace(session(), id=""))
    assert memory.save()
    assert held(log, person) == {}
    assert memory.unsaved == ()


def test_what_was_done_while_the_log_was_away_is_noted_when_it_is_back(
    log: SessionLog, person: str, faults: TableFaults
) -> None:
    earlier = Memory(log, person, "earlier", None, ())
    earlier.keep_session(session())
    earlier.save()
    # GIVEN a session that was stopped by its timer alone
    faults.fail("unreachable")
    memory = Memory(log, person, "first", None, ())
    assert memory.sessions() == []
    memory.keep_session(replace(session(), id="").end("stopped", NOW + timedelta(minutes=5)))
    assert not memory.save()
    assert memory.known is None
    # THEN the next turn knows which it was, and the log too
    later = next_turn(memory, log, person)
    assert [found.outcome for found in later.sessions()] == ["stopped"]
    assert later.save()
    assert held(log, person)[session().id].fields["outcome"] == "stopped"
    assert later.unsaved == ()


def test_junk_in_its_place_is_forgotten(log: SessionLog, person: str) -> None:
    junk = LogEntry("log#unplaced", "unplaced", 1, "x", {"modality": "tea"})
    memory = Memory(log, person, "first", None, (junk,))
    assert memory.sessions() == []
    assert memory.save()
    assert held(log, person) == {}


def test_a_talk_that_ends_in_any_case_is_not_kept_open_by_the_log(
    log: SessionLog, person: str, faults: TableFaults
) -> None:
    memory = Memory(log, person, "first", (), ())
    memory.keep_session(session())
    faults.fail("unreachable")
    memory.is_last_try = True
    assert memory.save()


def test_a_session_can_be_stopped_while_the_log_is_down() -> None:
    # GIVEN a session that runs, and a log that can't be reached
    echo = Echo.returning()
    echo.say("start cold therapy for fifteen minutes")
    echo.clock.advance(minutes=3)
    echo.table.fail("unreachable", times=2)
    # THEN "stop" stops it, by what Alexa's timers tell
    assert echo.say("stop the timer").outcome == "therapy_stopped"
    assert "cold session" not in [timer["timerLabel"] for timer in echo.timers]


def test_a_session_is_found_again_in_the_conversation_in_which_the_log_failed() -> None:
    echo = Echo.returning()
    echo.say("start cold therapy for fifteen minutes")
    echo.clock.advance(minutes=3)
    echo.table.fail("unreachable")
    echo.launch()
    assert echo.say("how much time is left").details["remaining_seconds"] == 720


def test_a_corrupt_profile_is_mended_by_the_next_answer() -> None:
    # GIVEN somebody whose profile can't be read any more
    echo = Echo.returning()
    log = echo._log()
    person = log.person(echo._device.user_id)
    item = item_of(person, LogEntry(PROFILE, "profile", 7, "odd", {}), 4_000_000_000)
    echo._client.put_item(TableName=echo.settings.table_name, Item={**item, "fields": {"S": "{}"}})
    # WHEN they answer the safety question once more
    assert echo.say("start cold therapy for fifteen minutes").outcome == "safety_asked"
    assert echo.say("yes").outcome == "therapy_started"
    echo.end_session()
    # THEN that is kept
    assert [entry["revision"] for entry in echo.log_entries() if entry["kind"] == "profile"] == [8]
    assert echo.say("start heat for fifteen minutes").outcome != "safety_asked"


@pytest.mark.parametrize("without", ["a log", "a person"])
def test_without_a_log_or_a_person_things_last_for_the_conversation(log: SessionLog, person: str, without: str) -> None:
    a_log, a_person = (None, person) if without == "a log" else (log, None)
    memory = Memory(a_log, a_person, "first", None, ())
    memory.keep_profile(Profile(safety_answered=True))
    memory.keep_session(session())
    assert memory.save()
    assert memory.unsaved == ()
    later = Memory(a_log, a_person, "next", memory.known, memory.unsaved)
    assert later.profile.safety_answered
    assert [found.id for found in later.sessions()] == [session().id]
    assert log.round_trips == 0
