"""The same muscle in another position: only forms that are allowed, and the routine goes on around them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from skill.coaching.stretching import Body, Place, elsewhere, go_on
from skill.coaching.stretching.exercises import exercises

OWN_HIPS = Body(replaced_hip="no")
PLACE = Place("whole", ("warm_up_standing", "hm_a", "hf_b", "pf_a"), number=1, side=1, settled=True)


@pytest.mark.parametrize("position", ["seated", "standing"])
def test_the_same_muscle_is_told_in_the_other_position(position: str) -> None:
    turn = elsewhere(PLACE, position, OWN_HIPS)
    assert turn is not None
    form = exercises()[turn.place.exercises[1]]
    assert (form.muscle, form.position) == ("hamstrings", position)
    # From its first side on, with the position told first; the rest of the routine is as it was.
    assert (turn.place.number, turn.place.side, turn.place.settled) == (1, 0, False)
    assert turn.place.exercises[2:] == PLACE.exercises[2:]
    assert Place.from_json(turn.place.as_json()) == turn.place
    assert go_on(turn.place).details["position"] == position


def test_what_hurt_may_be_tried_in_another_position() -> None:
    turn = elsewhere(replace(PLACE, paused=True, hurt=True), "seated", OWN_HIPS)
    assert turn is not None
    assert not turn.place.hurt


def test_there_is_none_where_none_is_allowed() -> None:
    place = replace(PLACE, number=3, side=0, settled=False)
    assert elsewhere(place, "seated", OWN_HIPS) is not None
    assert elsewhere(place, "seated", Body(replaced_hip="left")) is None
    assert elsewhere(place, "seated", Body(replaced_hip="unknown")) is None


def test_a_warm_up_has_no_other_form_and_the_end_has_nothing() -> None:
    assert elsewhere(replace(PLACE, number=0, side=0, settled=False), "seated", OWN_HIPS) is None
    assert elsewhere(replace(PLACE, number=4, side=0, settled=False), "seated", OWN_HIPS) is None
