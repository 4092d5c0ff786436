"""Reading an envelope: people, tokens and the state of the talk, as they come from outside."""

from __future__ import annotations

from typing import Any

import pytest

from tests.skill.envelopes import brief, envelope, sdk_reads

# ---- People, tokens and state


@pytest.mark.parametrize(
    "user_id",
    [
        "x" * 2048,
        "../../etc/passwd",
        "__proto__",
        "constructor",
        "'; DROP TABLE hip-coach; --",
        '{"$gt":""}',
        "attribute_exists(person)",
        "a'b\"c\\d",
        "\u202e\u200d",
        "\ud800",
    ],
    ids=brief,
)
def test_a_user_id_is_taken_as_it_is(user_id: str) -> None:
    event = envelope()
    event["context"]["System"]["user"]["userId"] = user_id
    assert sdk_reads(event).context.system.user.user_id == user_id


@pytest.mark.parametrize("user_id", ["", "x" * 2049, None, 7, ["a"], {"$gt": ""}, True], ids=brief)
def test_what_is_no_user_id_is_nobody(user_id: Any) -> None:
    event = envelope()
    event["context"]["System"]["user"]["userId"] = event["session"]["user"]["userId"] = user_id
    assert sdk_reads(event).context.system.user.user_id is None


def test_the_user_of_the_session_stands_in_for_a_missing_one() -> None:
    event = envelope()
    user_id = event["context"]["System"].pop("user")["userId"]
    assert sdk_reads(event).context.system.user.user_id == user_id


@pytest.mark.parametrize("token", [None, "", 7, "two\r\nHost: evil", "a b", "\ud800", "x" * 9000, {"a": 1}], ids=brief)
def test_what_is_no_access_token_is_none(token: Any) -> None:
    event = envelope()
    event["context"]["System"]["apiAccessToken"] = token
    assert sdk_reads(event).context.system.api_access_token is None


@pytest.mark.parametrize(
    "attributes",
    [
        {"version": 1, "pending": "yes"},
        {"awaiting_delete_confirm": True},
        {"timerEnd": "1970-01-01T00:00:00Z"},
        {"speech": "x" * 100_000},
        {"__proto__": {"polluted": True}},
        {"type": "Response", "outputSpeech": {"type": "SSML"}},
        [1, 2],
        "text",
        None,
        7,
    ],
    ids=brief,
)
def test_forged_session_attributes_can_be_read(attributes: Any) -> None:
    event = envelope()
    event["session"]["attributes"] = attributes
    assert sdk_reads(event).session.attributes == (attributes if isinstance(attributes, dict) else {})
