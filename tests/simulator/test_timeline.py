"""`hip-coach timeline`: every routine keeps its promise and Alexa's limits."""

from __future__ import annotations

import pytest

from simulator.cli import main
from simulator.timeline import PACES, TOLERANCE, timeline, wish_for
from skill.coaching.stretching import Wish
from skill.coaching.stretching.exercises import exercises, routines

ROWS = [(name, position) for name, routine in routines().items() for position in routine.forms]


@pytest.mark.parametrize(("name", "position"), ROWS)
@pytest.mark.parametrize("returning", [False, True])
def test_a_routine_takes_about_as_long_as_it_promises(name: str, position: str, returning: bool) -> None:
    made, turns = timeline(Wish(routine=name, position=position), returning=returning)
    assert made.minutes == routines()[name].minutes
    total = sum(turn.seconds for turn in turns)
    assert total == pytest.approx(made.minutes * 60, rel=TOLERANCE)


@pytest.mark.parametrize("name", [*routines(), *exercises()])
@pytest.mark.parametrize("pace", PACES)
def test_every_turn_fits_whatever_the_pace(name: str, pace: str) -> None:
    wish = wish_for(name)
    assert wish
    _, turns = timeline(wish, pace=pace)
    assert all(turn.fits for turn in turns)
    assert all(turn.seconds == pytest.approx(turn.speech + turn.pauses) for turn in turns)


def test_it_prints_each_turn_with_its_margins_and_the_sum(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["timeline", "whole", "--returning"]) == 0
    printed = capsys.readouterr().out
    assert "hamstring stretch (hm_a), left: hold" in printed
    assert "promised 480 s (8 min)" in printed
    assert len([line for line in printed.splitlines() if line.endswith(" c")]) == 12


def test_slower_takes_longer() -> None:
    usual, slower = (timeline(Wish(routine="whole"), pace=pace)[1] for pace in ("usual", "slower"))
    assert sum(turn.pauses for turn in slower) > sum(turn.pauses for turn in usual)


def test_an_unknown_routine_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["timeline", "yoga"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert "there is no routine 'yoga'" in printed.err
    assert "whole, short, morning_in_bed, strengthening" in printed.err
