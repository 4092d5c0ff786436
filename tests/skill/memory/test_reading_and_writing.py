"""What a conversation reads of its person, and writes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from simulator.table_faults import TableFaults
from skill.coaching.stretch_session import StretchSession, new_stretch_session
from skill.coaching.stretching import Place
from skill.handlers.memory import Memory
from skill.handlers.profile import Profile
from skill.session_log import JSON, PROFILE, LogEntry, SessionLog
from tests.skill.memory.turns import NOW, held, next_turn, session


def stretch(number: int = 0) -> StretchSession:
    started = NOW - timedelta(minutes=number)
    place = Place("whole", ("hm_a", "pf_a"))
    return new_stretch_session(f"log#{started:%Y-%m-%dT%H:%M:%S}Z#5ca1ab1e", place, started, ())


def test_the_log_is_read_at_most_once_in_a_conversation(log: SessionLog, person: str) -> None:
    memory = Memory(log, person, "first", None, ())
    assert log.round_trips == 0
    assert memory.profile == Profile()
    assert memory.sessions() == []
    later = next_turn(memory, log, person)
    assert later.profile == Profile()
    assert log.round_trips == 1


def test_what_nobody_asked_for_is_not_read(log: SessionLog, person: str) -> None:
    memory = Memory(log, person, "first", None, ())
    assert memory.known is None
    assert memory.save()
    assert log.round_trips == 0


def test_everything_of_a_turn_is_written_in_one_go(log: SessionLog, person: str) -> None:
    memory = Memory(log, person, "first", None, ())
    memory.keep_profile(Profile(safety_answered=True))
    memory.keep_session(session())
    memory.keep_session(session().pause(NOW + timedelta(minutes=5)))
    log.round_trips = 0
    assert memory.save()
    assert log.round_trips == 1
    assert memory.unsaved == ()
    entries = held(log, person)
    assert entries[PROFILE].fields == {"safety_answered": True, "timers_denied": False}
    assert entries[session().id].fields["outcome"] == "paused"
    assert entries[session().id].revision == 1


def test_what_has_not_changed_is_not_written(log: SessionLog, person: str) -> None:
    memory = Memory(log, person, "first", None, ())
    memory.keep_session(session())
    memory.save()
    log.round_trips = 0
    memory.keep_session(session())
    memory.keep_profile(Profile())
    assert memory.save()
    assert log.round_trips == 0


def test_the_newest_sessions_come_first_and_unreadable_ones_are_passed_over(log: SessionLog, person: str) -> None:
    spoilt = LogEntry("log#2026-03-02T09:00:00Z#0000", "therapy", 1, "x", session().as_fields() | {"modality": "tea"})
    of_another_kind = LogEntry("log#2026-03-02T09:00:01Z#0000", "visit", 1, "x", {})
    log.save(person, [spoilt, of_another_kind])
    memory = Memory(log, person, "first", None, ())
    for number in (20, 40, 0):
        memory.keep_session(session(number))
    assert [found.id for found in memory.sessions()] == [session(number).id for number in (0, 20, 40)]


def test_a_conversation_carries_the_profile_and_a_few_sessions(log: SessionLog, person: str) -> None:
    memory = Memory(log, person, "first", None, ())
    memory.keep_profile(Profile(safety_answered=True))
    for number in range(12):
        memory.keep_session(session(number))
    assert memory.known is not None
    assert [entry.entry for entry in memory.known] == [PROFILE, *(session(number).id for number in range(5))]


def test_heat_and_cold_and_stretches_do_not_see_each_other(log: SessionLog, person: str) -> None:
    memory = Memory(log, person, "first", None, ())
    memory.keep_session(session(1))
    memory.keep_stretch(stretch(0))
    assert memory.save()
    later = Memory(log, person, "later", None, ())
    assert later.sessions() == [session(1)]
    assert later.stretches() == [stretch(0)]


def test_a_conversation_carries_some_of_both_however_many_there_are_of_one(log: SessionLog, person: str) -> None:
    memory = Memory(log, person, "first", None, ())
    for number in range(3):
        memory.keep_stretch(stretch(100 + number))
    for number in range(12):
        memory.keep_session(session(number))
    assert memory.known is not None
    ids = [entry.entry for entry in memory.known]
    assert ids == [*(session(number).id for number in range(5)), stretch(100).id, stretch(101).id]


def test_a_spoilt_stretch_is_passed_over(log: SessionLog, person: str) -> None:
    fields = stretch().as_fields() | {"place": {"routine": "handstand", "exercises": ["hm_a"]}}
    log.save(person, [LogEntry(stretch().id, "stretch", 1, "x", fields)])
    assert Memory(log, person, "first", None, ()).stretches() == []


@pytest.mark.parametrize(
    ("fields", "profile"),
    [
        ({}, Profile()),
        ({"safety_answered": True}, Profile(safety_answered=True)),
        ({"replaced_hip": "left", "stretches_cleared": True}, Profile(replaced_hip="left", stretches_cleared=True)),
        ({"replaced_hip": "maybe", "stretches_cleared": True}, Profile()),
        ({"replaced_hip": ["left"]}, Profile()),
        ({"stretches_cleared": True}, Profile()),
    ],
)
def test_a_profile_of_any_age_is_read(fields: dict[str, JSON], profile: Profile) -> None:
    assert Profile.from_fields(fields) == profile
    assert Profile.from_fields(profile.as_fields()) == profile


def test_what_is_said_of_the_hips_while_the_log_is_away_goes_on_top_of_the_profile(
    log: SessionLog, person: str, faults: TableFaults
) -> None:
    # GIVEN a profile in the log, and a log that can't be read
    log.save(person, [LogEntry(PROFILE, "profile", 3, "x", Profile(safety_answered=True).as_fields())])
    faults.fail("unreachable")
    memory = Memory(log, person, "first", None, ())
    # WHEN something is said of the hips
    memory.keep_profile(replace(memory.profile, replaced_hip="left"))
    assert memory.profile.replaced_hip == "left"
    assert not memory.save()
    # THEN the next turn knows all of it, and writes it in one go
    later = next_turn(memory, log, person)
    log.round_trips = 0
    assert later.profile == Profile(safety_answered=True, replaced_hip="left")
    assert later.save()
    assert log.round_trips == 2
    assert Profile.from_fields(held(log, person)[PROFILE].fields) == later.profile
    assert held(log, person)[PROFILE].revision == 4


def test_what_was_written_after_all_is_not_written_again(log: SessionLog, person: str) -> None:
    # GIVEN a write of which nobody knows whether it was done, and it was
    memory = Memory(log, person, "first", None, ())
    memory.keep_session(session())
    entry = memory.unsaved[0]
    log.save(person, [entry])
    later = Memory(log, person, "next", None, (entry,))
    assert later.sessions() == [session()]
    assert later.unsaved == ()


def test_the_same_request_makes_the_same_key(log: SessionLog, person: str) -> None:
    first, again = (Memory(log, person, "ab12cd34", None, ()) for _ in range(2))
    assert first.new_entry_id(NOW) == again.new_entry_id(NOW) == "log#2026-03-02T09:00:00.000Z#ab12cd34"
    assert LogEntry(first.new_entry_id(NOW), "therapy", 1, "x", {})
