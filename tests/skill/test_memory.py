"""What a turn knows of the person: read once, written once, and right when two devices or a failing log are about."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from simulator import Echo
from simulator.table_faults import TableFaults
from skill.coaching.stretch_session import StretchSession, new_stretch_session
from skill.coaching.stretching import Place
from skill.coaching.therapy_session import TherapySession, new_session
from skill.handlers.memory import Memory
from skill.handlers.profile import Profile
from skill.session_log import JSON, PROFILE, LogEntry, SessionLog, create_table
from skill.session_log.stored_values import item_of
from tests.skill.engines import ENGINES, endpoint_of, patient_client

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TABLE = "memory-tests"
_people = itertools.count()


@pytest.fixture(scope="module", params=ENGINES)
def client(request: pytest.FixtureRequest) -> DynamoDBClient:
    made = patient_client(endpoint_of(request.param))
    create_table(made, TABLE)
    return made


@pytest.fixture
def log(client: DynamoDBClient) -> SessionLog:
    return SessionLog(TABLE, b"a secret for tests", lambda: client, lambda: NOW)


@pytest.fixture
def person(log: SessionLog) -> str:
    return log.person(f"memory {next(_people)}")


@pytest.fixture
def faults(client: DynamoDBClient) -> Iterator[TableFaults]:
    made = TableFaults()
    made.attach(client)
    yield made
    made.detach(client)


def next_turn(before: Memory, log: SessionLog, person: str, request: str = "next") -> Memory:
    """The memory of the next turn of the same conversation."""
    return Memory(log, person, request, before.known, before.unsaved)


def session(number: int = 0, modality: str = "cold") -> TherapySession:
    started = NOW - timedelta(minutes=number)
    return new_session(f"log#{started:%Y-%m-%dT%H:%M:%S}Z#ab12cd34", modality, 900, "hip", None, started)


def stretch(number: int = 0) -> StretchSession:
    started = NOW - timedelta(minutes=number)
    place = Place("whole", ("hm_a", "pf_a"))
    return new_stretch_session(f"log#{started:%Y-%m-%dT%H:%M:%S}Z#5ca1ab1e", place, started, ())


def held(log: SessionLog, person: str) -> dict[str, LogEntry]:
    return {entry.entry: entry for entry in log.newest(person)}


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


# ---- Two devices


def test_a_stale_change_is_made_again_on_top_of_what_is_there(log: SessionLog, person: str) -> None:
    # GIVEN two devices that both know the first revision
    first = Memory(log, person, "first", None, ())
    first.keep_profile(Profile(safety_answered=True))
    first.save()
    other = next_turn(first, log, person, "other")
    other.keep_profile(Profile(safety_answered=True, timers_denied=True))
    other.save()
    # WHEN the one that knows less writes later
    late = next_turn(first, log, person, "late")
    late.keep_profile(Profile(safety_answered=False))
    assert late.save()
    # THEN its change stands, as the third revision
    assert held(log, person)[PROFILE].revision == 3
    assert held(log, person)[PROFILE].fields["safety_answered"] is False
    assert late.known == (held(log, person)[PROFILE],)


def test_an_ended_session_stays_ended_whatever_another_device_thinks(log: SessionLog, person: str) -> None:
    first = Memory(log, person, "first", None, ())
    first.keep_session(session())
    first.save()
    stopping = next_turn(first, log, person, "stopping")
    stopping.keep_session(session().end("stopped", NOW + timedelta(minutes=5)))
    stopping.save()
    # WHEN another device, which knows nothing of it, pauses the session
    pausing = next_turn(first, log, person, "pausing")
    pausing.keep_session(session().pause(NOW + timedelta(minutes=6)))
    assert pausing.save()
    # THEN the log says that it was stopped, and so does that device from now on
    assert held(log, person)[session().id].fields["outcome"] == "stopped"
    assert [found.outcome for found in pausing.sessions()] == ["stopped"]


def test_a_session_that_both_ended_stays_as_the_first_one_ended_it(log: SessionLog, person: str) -> None:
    first = Memory(log, person, "first", None, ())
    first.keep_session(session())
    first.save()
    for request, outcome in (("one", "stopped"), ("two", "elsewhere")):
        device = next_turn(first, log, person, request)
        device.keep_session(session().end(outcome, NOW + timedelta(minutes=5)))
        assert device.save()
    assert held(log, person)[session().id].fields["outcome"] == "stopped"


def test_reading_again_shows_what_another_device_wrote_and_keeps_what_is_unsaved(log: SessionLog, person: str) -> None:
    first = Memory(log, person, "first", None, ())
    first.keep_session(session())
    first.save()
    other = next_turn(first, log, person, "other")
    other.keep_session(session().end("stopped", NOW + timedelta(minutes=5)))
    other.save()
    late = next_turn(first, log, person, "late")
    late.keep_profile(Profile(safety_answered=True))
    assert [found.outcome for found in late.sessions()] == ["running"]
    log.round_trips = 0
    late.read_again()
    late.read_again()
    assert log.round_trips == 1
    assert [found.outcome for found in late.sessions()] == ["stopped"]
    assert late.profile.safety_answered


# ---- A log that fails


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
