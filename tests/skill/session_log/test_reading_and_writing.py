"""What is written, and read back: whole, in order, and in so many round trips."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings

from skill.session_log import (
    JSON,
    LogEntry,
    Saved,
    SessionLog,
)
from tests.skill.session_log.entries import json_fields, profile, somebody, therapy

if TYPE_CHECKING:
    pass


def as_read(value: Any) -> Any:
    """What a JSON value is read back as: floats without a fraction become ints, as long as both are exact."""
    match value:
        case float() if value.is_integer() and abs(value) <= 2**53:
            return int(value)
        case list():
            return [as_read(part) for part in value]
        case dict():
            return {name: as_read(part) for name, part in value.items()}
    return value


def test_a_new_person_has_no_entries(log: SessionLog, person: str) -> None:
    assert log.newest(person) == []


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(fields=json_fields)
def test_what_was_saved_is_read_back(log: SessionLog, fields: dict[str, JSON]) -> None:
    person = somebody(log)
    entry = LogEntry(therapy().entry, "therapy", 1, "first", fields)
    assert log.save(person, [entry]) == Saved(written=(entry,))
    [read] = log.newest(person)
    # As JSON text, for which True is not 1. The order of a map's names is not kept, and need not be.
    assert json.dumps(read.as_dict(), sort_keys=True) == json.dumps(as_read(entry.as_dict()), sort_keys=True)


def test_names_that_dynamodb_reserves_can_be_used_as_fields(log: SessionLog, person: str) -> None:
    entry = therapy(duration=900, timestamp="2026-03-02T09:00:00Z", status="ended", entry="x", revision=7)
    log.save(person, [entry])
    assert log.newest(person) == [entry]


def test_the_profile_comes_first_and_then_the_newest(log: SessionLog, person: str) -> None:
    days = [therapy(f"2026-02-{day:02}T09:00:00Z") for day in range(1, 21)]
    log.save(person, [*days, profile(name_of_nobody=True)])
    assert log.newest(person) == [profile(name_of_nobody=True), *reversed(days[-11:])]
    assert log.newest(person, limit=2) == [profile(name_of_nobody=True), days[-1]]


def test_nobody_sees_another_persons_entries(log: SessionLog, person: str) -> None:
    log.save(person, [profile()])
    assert log.newest(somebody(log)) == []


def test_a_change_is_the_next_revision(log: SessionLog, person: str) -> None:
    first = profile(told_safety=True, usual_seconds=900)
    second = first.changed("second", usual_seconds=1200)
    assert second == profile(2, "second", told_safety=True, usual_seconds=1200)
    log.save(person, [first])
    assert log.save(person, [second]) == Saved(written=(second,))
    assert log.newest(person) == [second]


def test_nothing_to_save_is_no_round_trip(log: SessionLog, person: str) -> None:
    log.round_trips = 0
    assert log.save(person, []) == Saved()
    assert log.round_trips == 0


def test_of_several_revisions_the_newest_is_written(log: SessionLog, person: str) -> None:
    first = therapy(outcome="planned")
    second = first.changed("second", outcome="started")
    assert log.save(person, [second, first]) == Saved(written=(second,))
    assert log.newest(person) == [second]
