"""What is wished for travels in the token of a permission question, and nothing else is taken for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skill.coaching.reminder import ReminderPlan
from skill.coaching.therapy import Plan
from skill.handlers.permission_token import (
    REMINDER_WISHES,
    plan_from_token,
    plan_to_token,
    reminder_from_token,
    reminder_to_token,
)
from tests.skill.test_reminder import plans

LONGEST_TOKEN = 1024
"""Characters that a token may have."""


@given(st.sampled_from(REMINDER_WISHES), plans)
def test_a_reminder_comes_back_as_it_was(wish: str, plan: ReminderPlan) -> None:
    token = reminder_to_token(wish, plan)
    assert len(token) <= LONGEST_TOKEN
    assert reminder_from_token(token) == (wish, plan)


def test_a_session_is_no_reminder() -> None:
    plan = Plan(modality="cold", seconds=900, reason=None)
    token = plan_to_token(plan)
    assert plan_from_token(token) == plan
    assert reminder_from_token(token) is None


@pytest.mark.parametrize(
    "token",
    [
        "",
        "null",
        "[]",
        "{",
        '{"wish": "set"}',
        '{"wish": ["set"], "reminder": {}}',
        '{"wish": "steal", "reminder": {}}',
        '{"wish": "set", "reminder": "heat"}',
        '{"wish": "set", "reminder": {"about": "bank"}}',
    ],
)
def test_what_was_not_ours_is_no_reminder(token: str) -> None:
    assert reminder_from_token(token) is None


@given(st.text())
def test_any_text_is_read(token: str) -> None:
    assert reminder_from_token(token) is None
