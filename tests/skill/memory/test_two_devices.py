"""Two devices of one person at once."""

from __future__ import annotations

from datetime import timedelta

from skill.handlers.memory import Memory
from skill.handlers.profile import Profile
from skill.session_log import PROFILE, SessionLog
from tests.skill.memory.turns import NOW, held, next_turn, session


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
