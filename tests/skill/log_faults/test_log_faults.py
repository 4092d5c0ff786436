"""Every kind of conversation, with every failure of DynamoDB, at its first, a middle and its last turn."""

from __future__ import annotations

import pytest

from tests.skill.log_faults.conversations import CONVERSATIONS, PLACES, Place
from tests.skill.log_faults.struck import STRIKES, Strike
from tests.skill.log_faults.table import is_worth_trying, problems_of

CELLS = [
    (name, strike, place)
    for name in CONVERSATIONS
    for strike in STRIKES
    for place in PLACES
    if is_worth_trying(name, strike, place)
]


@pytest.mark.parametrize(("name", "strike", "place"), CELLS)
def test_the_talk_goes_on_and_nothing_is_lost(name: str, strike: Strike, place: Place) -> None:
    assert problems_of(name, strike, place) == []
