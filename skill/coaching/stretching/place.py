"""Where somebody is in a routine, as a small frozen value that travels in the session and waits in the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from skill.coaching.stretching.exercises import Exercise, exercises, routines

SIDES = ("left", "right")
PACES = ("slower", "usual", "faster")
DETAILS = ("shorter", "usual", "more")
ONE = "one"
"""The routine of a single stretch."""


@dataclass(frozen=True)
class Place:
    """A routine as it was planned, how it is told, and how far it has gone.

    It holds no reason: what is known of the body chose `exercises`, and isn't kept.
    """

    routine: str
    """An entry of `routines.toml`, or "one" for a single stretch."""
    exercises: tuple[str, ...]
    """Entries of `stretches.toml`, in order."""
    number: int = 0
    """Which exercise, from 0; as many as there are when all is over."""
    side: int = 0
    """Which of the exercise's sides, from 0: the next one while not settled, else the one held."""
    settled: bool = False
    """Whether the person is in position: before, the position was told and "ready" is waited for."""
    sides: tuple[str, ...] = SIDES
    """The sides to do, in order, for exercises that have sides."""
    easy: bool = False
    """Shorter holds and a smaller range from here on."""
    pace: str = "usual"
    detail: str = "usual"
    paused: bool = False
    hurt: bool = False
    """It hurt: nothing is held as it was; going on makes it easier or leaves it out."""
    brief_rules: bool = False
    """The stop rules were heard lately."""
    done: tuple[int, ...] = ()
    """Exercises that were done, by number."""
    dropped: tuple[int, ...] = ()
    """Exercises that are left out because they hurt, by number."""

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do."""
        return self.number >= len(self.exercises)

    @property
    def exercise(self) -> Exercise:
        """The exercise of the place.

        Raises:
            IndexError: when the routine is over.
        """
        return exercises()[self.exercises[self.number]]

    def sides_of(self, exercise: Exercise) -> tuple[str, ...]:
        """The sides that this exercise is done on, in order; ("both",) when it has no sides."""
        return self.sides if exercise.has_sides else ("both",)

    @property
    def side_name(self) -> str:
        """left, right, or both where the exercise has no sides; empty when all is over."""
        return "" if self.is_over else self.sides_of(self.exercise)[self.side]

    @property
    def is_last_side(self) -> bool:
        """Whether no side of this exercise comes after this one."""
        return self.side + 1 >= len(self.sides_of(self.exercise))

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, small: what is as usual is left out."""
        fields: dict[str, Any] = {"routine": self.routine, "exercises": list(self.exercises)}
        for name, usual in _USUAL.items():
            value = getattr(self, name)
            if value != usual:
                fields[name] = list(value) if isinstance(value, tuple) else value
        return fields

    @classmethod
    def from_json(cls, fields: object) -> Place:
        """The place that `as_json` wrote.

        Raises:
            ValueError: when anything is missing, unknown or out of its domain; a place is never guessed at.
        """
        if not isinstance(fields, Mapping) or not fields.keys() <= {"routine", "exercises", *_USUAL}:
            raise ValueError("not a place in a routine")
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()
        }
        try:
            place = cls(**values)
        except TypeError as problem:
            raise ValueError("not a place in a routine") from problem
        _check(place)
        return place


_USUAL: dict[str, Any] = {
    "number": 0,
    "side": 0,
    "settled": False,
    "sides": SIDES,
    "easy": False,
    "pace": "usual",
    "detail": "usual",
    "paused": False,
    "hurt": False,
    "brief_rules": False,
    "done": (),
    "dropped": (),
}


def _check(place: Place) -> None:
    """Hold every field to its domain, and the fields to each other."""
    known = exercises()
    wrong = (
        not isinstance(place.routine, str)
        or place.routine not in (ONE, *routines())
        or not _texts(place.exercises)
        or not 0 < len(place.exercises) <= len(known)
        or any(name not in known for name in place.exercises)
        or any(not isinstance(getattr(place, name), type(usual)) for name, usual in _USUAL.items())
        or isinstance(place.number, bool)
        or isinstance(place.side, bool)
        or not 0 <= place.number <= len(place.exercises)
        or place.pace not in PACES
        or place.detail not in DETAILS
        or place.sides not in (("left",), ("right",), SIDES, SIDES[::-1])
        or not _numbers(place.done, len(place.exercises))
        or not _numbers(place.dropped, len(place.exercises))
    )
    if wrong:
        raise ValueError("not a place in a routine: a field is out of its domain")
    if place.is_over:
        if place.side or place.settled or place.paused or place.hurt:
            raise ValueError("not a place in a routine: it is over, and yet goes on")
    elif place.number in place.dropped or not 0 <= place.side < len(place.sides_of(place.exercise)):
        raise ValueError("not a place in a routine: there is no such side or exercise in it")
    if place.hurt and not place.paused:
        raise ValueError("not a place in a routine: nothing goes on after it hurt")


def _texts(values: object) -> bool:
    return isinstance(values, tuple) and all(isinstance(value, str) for value in values)


def _numbers(values: object, count: int) -> bool:
    """Whether these are numbers of exercises, each once, in order."""
    return (
        isinstance(values, tuple)
        and all(isinstance(value, int) and not isinstance(value, bool) and 0 <= value < count for value in values)
        and list(values) == sorted(set(values))
    )


def moved(place: Place, **changes: Any) -> Place:
    """The place with changes, going on: neither paused nor hurt any more unless the changes say so."""
    return replace(place, **({"paused": False, "hurt": False} | changes))


def at_exercise(place: Place, number: int) -> Place:
    """The place at the position of the first exercise from `number` on that isn't left out; over if there is none."""
    while number < len(place.exercises) and number in place.dropped:
        number += 1
    return moved(place, number=number, side=0, settled=False)


def first_place(place: Place) -> Place:
    """The beginning of the routine, told as now."""
    return replace(at_exercise(place, 0), done=())


def next_place(place: Place) -> Place:
    """The step after this one: position, then each side, then the next exercise. No side is ever passed over."""
    if place.is_over:
        return place
    if not place.settled:
        return moved(place, settled=True)
    if not place.is_last_side:
        return moved(place, side=place.side + 1)
    done = tuple(sorted({*place.done, place.number}))
    return at_exercise(replace(place, done=done), place.number + 1)


def place_before(place: Place) -> Place | None:
    """The step before this one; None at the first one."""
    if not place.is_over and place.side:
        return moved(place, side=place.side - 1, settled=True)
    if place.settled:
        return moved(place, settled=False)
    earlier = [number for number in range(place.number) if number not in place.dropped]
    return at_exercise(place, earlier[-1]) if earlier else None


def without_exercise(place: Place) -> Place:
    """The place at the next exercise, with this one left out from now on."""
    left_out = {place.number}
    dropped, done = sorted({*place.dropped} | left_out), sorted({*place.done} - left_out)
    return at_exercise(replace(place, dropped=tuple(dropped), done=tuple(done)), place.number + 1)
