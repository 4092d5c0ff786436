"""Entries as they travel in session attributes, and the keys that they have."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skill.session_log import (
    JSON,
    PROFILE,
    SESSION_KEY,
    VISIT_KEY,
    LogEntry,
    key_of,
    moment_of,
)
from tests.skill.session_log.entries import NOW, json_fields, profile


@given(fields=json_fields, revision=st.integers(1, 2**53))
def test_an_entry_survives_its_travel_in_session_attributes(fields: dict[str, JSON], revision: int) -> None:
    entry = LogEntry(PROFILE, "profile", revision, "first", fields)
    assert LogEntry.from_dict(json.loads(json.dumps(entry.as_dict()))) == entry


anything: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.binary(max_size=4),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=4) | st.integers(), parts, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    data=anything
    | st.fixed_dictionaries(
        {},
        optional={
            "entry": st.just("profile") | st.just("log#x") | anything,
            "kind": st.just("therapy") | anything,
            "revision": st.just(1) | anything,
            "changed_by": st.just("first") | anything,
            "fields": st.just({}) | anything,
        },
    )
)
def test_junk_is_refused_or_harmless(data: Any) -> None:
    try:
        entry = LogEntry.from_dict(data)
    except ValueError:
        return
    assert LogEntry.from_dict(json.loads(json.dumps(entry.as_dict(), allow_nan=False))) == entry


def nested(depth: int) -> JSON:
    value: JSON = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "changes",
    [
        {"entry": "log#"},
        {"entry": "zebra"},
        {"entry": "profile\n"},
        {"entry": "log#" + "x" * 200},
        {"kind": ""},
        {"revision": 0},
        {"revision": True},
        {"revision": 1.0},
        {"revision": "1"},
        {"changed_by": None},
        {"fields": []},
        {"fields": {"": 1}},
        {"fields": {1: 1}},
        {"fields": {"x": float("nan")}},
        {"fields": {"x": float("inf")}},
        {"fields": {"x": 1e300}},
        {"fields": {"x": 1e-300}},
        {"fields": {"x": 2**60}},
        {"fields": {"x": "\ud800"}},
        {"fields": {"x": b"bytes"}},
        {"fields": {"x": (1, 2)}},
        {"fields": {"x": nested(100_000)}},
        {"fields": {"x": "long " * 10_000}},
    ],
    ids=lambda changes: f"{changes!r:.40}" if changes.get("fields") is None else None,
)
def test_wrong_shapes_are_refused(changes: dict[str, Any]) -> None:
    good = profile().as_dict()
    assert LogEntry.from_dict(good)
    with pytest.raises(ValueError, match=r"entry's|fields|surrogates"):
        LogEntry.from_dict({**good, **changes})


def test_a_refusal_does_not_repeat_what_was_sent() -> None:
    with pytest.raises(ValueError, match="kind") as caught:
        LogEntry.from_dict({**profile().as_dict(), "kind": "my pain is eight"})
    assert "pain" not in str(caught.value)


@pytest.mark.parametrize("moment", [NOW, datetime(2026, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)])
def test_a_key_tells_when_it_began(moment: datetime) -> None:
    assert moment_of(key_of(SESSION_KEY, moment, "ab12")) == moment.replace(microsecond=0)
    assert moment_of(key_of(VISIT_KEY, moment, "ab12")) == moment.replace(microsecond=0)


@pytest.mark.parametrize("key", [PROFILE, "log#unplaced", "log#2026-02-30T00:00:00Z#ab"])
def test_a_key_without_a_moment_has_none(key: str) -> None:
    assert moment_of(key) is None
