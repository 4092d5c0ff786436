"""What is heard of a replaced hip in free words: nobody may be heard as cleared who isn't."""

from __future__ import annotations

import pytest

from skill.coaching.understanding import understand


def status(text: str) -> str | None:
    understood = understand(text)
    assert understood.intent == "ReplacedHipIntent"
    spoken = understood.slots.get("hip_status")
    return spoken.ids[0] if spoken else None


@pytest.mark.parametrize(
    "text",
    [
        "my surgeon has cleared me for stretching",
        "no it's fine my surgeon cleared me",
        "i've been given the all clear for the stretches",
        "mum's surgeon has cleared her to stretch",
    ],
)
def test_cleared(text: str) -> None:
    assert status(text) == "cleared"


@pytest.mark.parametrize(
    "text",
    [
        "my surgeon hasn't cleared me yet",
        "my surgeon hasn't really cleared me for stretching",
        "i have not yet been cleared for stretching",
        "i'm not cleared",
        "i don't think i've been cleared for stretching",
        "i never got the all clear from my surgeon",
        "not until my surgeon has cleared me for stretching",
        "have i been cleared for stretching",
    ],
)
def test_not_cleared(text: str) -> None:
    assert status(text) in ("not_cleared", None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("my left hip is replaced", "replaced"),
        ("i've never had a hip replacement", "not_replaced"),
        ("neither of my hips is replaced", "not_replaced"),
        ("my hips are both my own", "not_replaced"),
        ("remember that i've had my right hip replaced", None),
    ],
)
def test_replaced_or_not(text: str, expected: str | None) -> None:
    assert status(text) == expected
