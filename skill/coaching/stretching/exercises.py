"""Exercises and routines as values, read from the content once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from skill.content import page

WARM_UP = "warm_up"
STRETCH = "stretch"
STRENGTH = "strength"
REST = "rest"
KINDS = (WARM_UP, STRETCH, STRENGTH, REST)
MUSCLES = ("hamstrings", "hip_flexors", "piriformis")
"""What is stretched, in the order of a routine (S03 comes first)."""


@dataclass(frozen=True)
class Movement:
    """One movement, said in one sentence, and the seconds that it needs at least."""

    say: str
    seconds: float
    brief: str = ""
    """The same in fewer words, for the second side."""


@dataclass(frozen=True)
class Exercise:
    """One exercise as `stretches.toml` describes it; the comment at its top says what each field is for."""

    id: str
    kind: str
    muscle: str
    position: str
    name: str
    get_ready: tuple[Movement, ...]
    set_up: tuple[Movement, ...]
    release: tuple[Movement, ...]
    stay: tuple[Movement, ...] = ()
    again: tuple[Movement, ...] = ()
    ease_off: tuple[Movement, ...] = ()
    turn: tuple[Movement, ...] = ()
    feel: str = ""
    more: str = ""
    ease: str = ""
    easier: str = ""
    equipment: str = ""
    gentle: bool = False
    has_sides: bool = False
    hold: int = 0
    times: int = 1
    rules_out: frozenset[str] = frozenset()
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Routine:
    """One routine as `routines.toml` describes it."""

    id: str
    name: str
    minutes: int
    forms: Mapping[str, tuple[str, ...]]
    """The exercises in order, by position."""
    times: int | None = None
    hold: int | None = None
    next: str = ""
    """The routine that is offered after it."""


@cache
def exercises() -> Mapping[str, Exercise]:
    """Every exercise by its id, the usual form of a muscle and position before others."""
    return {name: _exercise(name, entry) for name, entry in page("stretches").items()}


@cache
def routines() -> Mapping[str, Routine]:
    """Every routine by its id."""
    return {
        name: Routine(
            id=name,
            name=entry["name"],
            minutes=entry["minutes"],
            forms={position: tuple(ids) for position, ids in entry["forms"].items()},
            times=entry.get("times"),
            hold=entry.get("hold"),
            next=entry["next"],
        )
        for name, entry in page("routines").items()
    }


def _exercise(name: str, entry: Mapping[str, Any]) -> Exercise:
    def movements(field: str) -> tuple[Movement, ...]:
        steps: Sequence[Mapping[str, Any]] = entry.get(field, ())
        return tuple(Movement(step["say"], step["seconds"], step.get("brief", "")) for step in steps)

    return Exercise(
        id=name,
        kind=entry["kind"],
        muscle=entry["muscle"],
        position=entry["position"],
        name=entry["name"],
        get_ready=movements("get_ready"),
        set_up=movements("set_up"),
        release=movements("release"),
        stay=movements("stay"),
        again=movements("again"),
        ease_off=movements("ease_off"),
        turn=movements("turn"),
        feel=entry.get("feel", ""),
        more=entry.get("more", ""),
        ease=entry.get("ease", ""),
        easier=entry.get("easier", ""),
        equipment=entry.get("equipment", ""),
        gentle=entry.get("gentle", False),
        has_sides=entry.get("sides", False),
        hold=entry.get("hold", 0),
        times=entry.get("times", 1),
        rules_out=frozenset(entry["rules_out"]),
        evidence=tuple(entry["evidence"]),
    )
