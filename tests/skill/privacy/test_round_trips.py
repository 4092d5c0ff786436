"""How often a turn goes to DynamoDB."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from simulator import Echo
from simulator.echo import Turn
from tests.skill.privacy.people import CONVERSATION


def walk(echo: Echo) -> Iterator[Turn]:
    """A long conversation, with time in between."""
    for said in CONVERSATION:
        echo.clock.advance(seconds=10)
        yield echo.say(said)
    echo.launch()
    echo.end_session()
    yield from echo.turns[-2:]


def test_a_usual_turn_is_one_round_trip_and_none_is_more_than_two() -> None:
    trips = [turn.record["db_calls"] for turn in walk(Echo.returning())]
    assert max(trips) <= 2
    assert sum(trips) / len(trips) <= 1
    assert sorted(trips)[len(trips) * 3 // 4] <= 1


@pytest.mark.parametrize("how", ["unreachable", "slow", "throttled"])
@pytest.mark.parametrize("turn_that_fails", range(0, len(CONVERSATION), 3))
def test_with_the_log_failing_at_any_point_there_are_no_more(how: Any, turn_that_fails: int) -> None:
    echo = Echo.returning()
    for number, said in enumerate(CONVERSATION):
        if number == turn_that_fails:
            echo.table.fail(how)
        assert echo.say(said).record["db_calls"] <= 2


def test_two_devices_at_once_are_two_round_trips_at_most() -> None:
    """Both change what the other has just changed, turn after turn, each on what it knew before."""
    kitchen = Echo.returning()
    bedroom = Echo(user_id=kitchen._device.user_id, clock=kitchen.clock, cloud=kitchen.cloud)
    kitchen.say("start cold for fifteen minutes")
    for echo in (kitchen, bedroom):
        echo.launch()
    for said in ("pause it", "resume", "add two minutes", "pause it", "stop the timer", "goodbye"):
        for echo in (kitchen, bedroom):
            echo.clock.advance(seconds=3)
            if echo.session is None:
                echo.launch()
            assert echo.say(said).record["db_calls"] <= 2
    [session] = [entry for entry in kitchen.log_entries() if entry["kind"] == "therapy"]
    assert session["outcome"] == "stopped"


def test_a_change_that_met_another_device_is_made_anew_in_two_round_trips() -> None:
    kitchen = Echo.returning(timers="unsupported")
    kitchen.say("start cold for fifteen minutes")
    kitchen.say("yes")
    bedroom = Echo(user_id=kitchen._device.user_id, clock=kitchen.clock, cloud=kitchen.cloud)
    for echo in (kitchen, bedroom):
        echo.launch()
    kitchen.say("add two minutes")
    turn = bedroom.say("pause it")
    assert turn.record["db_calls"] == 2
    [session] = [entry for entry in kitchen.log_entries() if entry["kind"] == "therapy"]
    assert (session["outcome"], session["revision"]) == ("paused", 3)
