"""Whether a heat or cold session may start, and what must be asked first.

A wish goes through gates in a fixed order: what speaks against it, where it goes, heat or cold, how long, whether one
is running, whether the last was too recent, and the safety question of a new person. Each gate lets it through, turns
it down, or asks. A yes is remembered in the plan, and the plan goes through the gates again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from skill.coaching.amounts import LONGEST, SHORTEST, USUAL
from skill.coaching.therapy_session import AREAS, MODALITIES, SIDES, TherapySession
from skill.content import page

REST_SECONDS = 60 * 60
"""Seconds between two sessions of the same kind, for the skin to get back to normal (H02, C03)."""

GATES = ("amount", "replace", "too_soon", "safety", "no_timer")
"""The gates that a yes can open."""


@dataclass(frozen=True)
class Plan:
    """A session that somebody wishes for, as far as it is known, and what they have agreed to."""

    modality: str | None = None
    """heat, cold, "both" for alternating ones, or "conflict" when heat and cold were named for one and the same."""
    seconds: int | None = None
    """What would be timed; None while nobody said how long."""
    asked_seconds: int | None = None
    reason: str | None = "missing"
    """Why the length needs a yes; None when it was clear and within bounds."""
    area: str | None = None
    side: str | None = None
    then: str | None = None
    """What is wanted afterwards."""
    caution: str | None = None
    agreed: tuple[str, ...] = ()

    def agree(self, gate: str) -> Plan:
        """The plan after a yes at this gate."""
        return replace(self, agreed=(*self.agreed, gate))

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, for the session attributes and for the token of a permission question."""
        return {name: list(value) if name == "agreed" else value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Plan:
        """The plan that `as_json` wrote.

        Raises:
            ValueError: for anything that it can't have written.
        """
        seconds, asked, agreed = data.get("seconds"), data.get("asked_seconds"), data.get("agreed", [])
        if seconds is not None and (type(seconds) is not int or not SHORTEST <= seconds <= LONGEST):
            raise ValueError("a plan's length is out of bounds")
        if asked is not None and type(asked) is not int:
            raise ValueError("a plan's asked length is not a whole number")
        if not isinstance(agreed, list) or any(gate not in GATES for gate in agreed):
            raise ValueError("a plan's agreements are not known")
        texts = {name: data.get(name) for name in ("modality", "reason", "area", "side", "then", "caution")}
        if any(value is not None and not (isinstance(value, str) and len(value) < 40) for value in texts.values()):
            raise ValueError("a plan's words are not words")
        return cls(seconds=seconds, asked_seconds=asked, agreed=tuple(agreed), **texts)


@dataclass(frozen=True)
class Situation:
    """What the decision depends on besides the wish."""

    now: datetime
    safety_answered: bool = False
    sessions: Sequence[TherapySession] = field(default=())
    """The person's heat and cold sessions, newest first, settled up to now."""

    @property
    def running(self) -> TherapySession | None:
        """The session that runs or is paused."""
        return next((session for session in self.sessions if session.is_live), None)

    def last_ended(self, modality: str) -> TherapySession | None:
        """The newest session of this kind that is over."""
        return next((s for s in self.sessions if s.modality == modality and s.ended_at), None)

    def usual_seconds(self, modality: str | None) -> int:
        """Seconds that this person last used, for heat or cold; a middle length for a new one."""
        last = next((s for s in self.sessions if modality in (None, s.modality)), None)
        return min(LONGEST, max(SHORTEST, last.planned_seconds)) if last else USUAL


@dataclass(frozen=True)
class Decision:
    """What to do with a plan."""

    action: str
    """"start", "confirm" (a yes is needed), "ask_modality", "ask_safety" or "decline"."""
    plan: Plan
    reason: str | None = None
    """Why: the name of what is confirmed, asked or turned down."""
    gate: str | None = None
    """What a yes would open."""


def decide(plan: Plan, situation: Situation) -> Decision:
    """Send a plan through the gates."""
    if plan.caution and rules_out(plan.caution, plan.modality):
        return Decision("decline", plan, plan.caution)
    if plan.area and plan.area not in AREAS:
        return Decision("decline", plan, "area")
    if plan.modality not in MODALITIES:
        return Decision("ask_modality", plan, plan.modality or "missing")
    if plan.seconds is None:
        plan = replace(plan, seconds=situation.usual_seconds(plan.modality))
    if plan.reason and "amount" not in plan.agreed:
        return Decision("confirm", plan, plan.reason, "amount")
    running = situation.running
    if running and running.modality == plan.modality:
        left = LONGEST - running.done(situation.now)
        if left < SHORTEST:
            return Decision("decline", plan, "too_soon")
        plan = replace(plan, seconds=min(plan.seconds or LONGEST, left))
    if running and "replace" not in plan.agreed:
        return Decision("confirm", plan, "replace", "replace")
    if not running and "too_soon" not in plan.agreed and is_too_soon(plan, situation):
        return Decision("decline", plan, "too_soon", "too_soon")
    if not situation.safety_answered and "safety" not in plan.agreed:
        return Decision("ask_safety", plan, None, "safety")
    return Decision("start", plan)


def rules_out(caution: str, modality: str | None) -> bool:
    """Whether a caution (an entry of `cautions.toml`) speaks against this session; against any, when none is named."""
    entry = page("cautions").get(caution)
    ruled_out: Sequence[str] = entry["rules_out"] if entry else MODALITIES
    return modality in ruled_out if modality in MODALITIES else bool(ruled_out)


def is_too_soon(plan: Plan, situation: Situation) -> bool:
    """Whether the same kind of session ended within the hour (H02, C03).

    A session that was cut short does not count when both together stay within twenty minutes.
    """
    last = situation.last_ended(plan.modality or "")
    if last is None:
        return False
    since = (situation.now - (last.ended_at or situation.now)).total_seconds()
    together = last.done(situation.now) + (plan.seconds or 0)
    return 0 <= since < REST_SECONDS and together > LONGEST


def usual_plan(situation: Situation) -> Plan | None:
    """The person's last session once more, to be confirmed; None when there was none."""
    if not situation.sessions:
        return None
    last = situation.sessions[0]
    seconds = situation.usual_seconds(last.modality)
    return Plan(last.modality, seconds, None, "usual", last.area, last.side)


def known_side(side: str | None) -> str | None:
    """The side if it is one that the log knows."""
    return side if side in SIDES else None
