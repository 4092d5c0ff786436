"""Whether a heat or cold session may start, and what must be asked first.

A wish goes through gates in a fixed order: what speaks against it, where it goes, heat or cold, how long, how much of
it this skin had within the hour, whether one is running, and the safety question of a new person. Each gate lets it
through, turns it down, or asks. A yes is remembered in the plan, and the plan goes through the gates again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from skill.coaching.amounts import LONGEST, SHORTEST, USUAL
from skill.coaching.therapy_session import AREAS, MODALITIES, SIDES, TherapySession, same_skin
from skill.content import page

REST_SECONDS = 60 * 60
"""Seconds between two sessions of the same kind, for the skin to get back to normal (H02, C03)."""

GATES = ("amount", "too_soon", "replace", "safety", "no_timer")
"""The gates that a yes can open."""

REASONS = "over_limit under_limit zero negative range open_ended vague missing unclear usual suggested".split()
"""Why a length may need a yes."""
UNCLEAR_AREA = "unclear"
"""The place, when it is not clear which one was named."""
_HEARD = (*MODALITIES, "both", "conflict")


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
        return {
            name: list(value) if name == "agreed" else value
            for name, value in asdict(self).items()
            if value not in (None, ())
        }

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
        known = {"modality": _HEARD, "then": _HEARD, "reason": REASONS, "side": SIDES, "caution": page("cautions")}
        if any(texts[name] is not None and texts[name] not in values for name, values in known.items()):
            raise ValueError("a plan's words are not known")
        area = texts["area"] or "unknown"
        if not (area.isascii() and area.islower() and area.replace("_", "").isalpha()):
            raise ValueError("a plan's place is not a place")
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

    def recent(self, modality: str | None, side: str | None, before: datetime | None = None) -> list[TherapySession]:
        """What the same skin had of heat or of cold within the hour before that moment (now, if left out)."""
        since = (before or self.now) - timedelta(seconds=REST_SECONDS)
        return [
            session
            for session in self.sessions
            if session.modality == modality
            and same_skin(session.side, side)
            and session.ended_at
            and session.ended_at > since
        ]

    def had_before(self, session: TherapySession) -> int:
        """Seconds of the same on the same skin within the hour before this session began."""
        earlier = self.recent(session.modality, session.side, session.started_at)
        return sum(other.done(self.now) for other in earlier if other.id != session.id)

    def running_on(self, plan: Plan) -> TherapySession | None:
        """The running session, when it is the same on the same skin as what is wished for."""
        running = self.running
        same = running and running.modality == plan.modality and same_skin(running.side, plan.side)
        return running if same else None

    def had(self, plan: Plan) -> int:
        """Seconds that the skin had of this already, without an hour of rest since."""
        running = self.running_on(plan)
        if running:
            return self.had_before(running) + running.done(self.now)
        return sum(session.done(self.now) for session in self.recent(plan.modality, plan.side))

    def since(self, plan: Plan) -> int:
        """Seconds since this skin last had the same; an hour when it had none within the hour."""
        ends = [session.ended_at for session in self.recent(plan.modality, plan.side) if session.ended_at]
        return round((self.now - max(ends)).total_seconds()) if ends else REST_SECONDS

    def usual_seconds(self, modality: str | None) -> int:
        """Seconds that this person last used, for heat or cold; a middle length for a new one."""
        last = next((s for s in self.sessions if modality in (None, s.modality)), None)
        return min(LONGEST, max(SHORTEST, last.planned_seconds)) if last else USUAL


@dataclass(frozen=True)
class Decision:
    """What to do with a plan."""

    action: str
    """"start", "confirm" (a yes is needed), "ask_area", "ask_modality", "ask_safety" or "decline"."""
    plan: Plan
    reason: str | None = None
    """Why: the name of what is confirmed, asked or turned down."""
    gate: str | None = None
    """What a yes would open."""


def decide(plan: Plan, situation: Situation) -> Decision:
    """Send a plan through the gates."""
    if plan.caution and rules_out(plan.caution, plan.modality):
        return Decision("decline", plan, plan.caution)
    if plan.area == UNCLEAR_AREA:
        return Decision("ask_area", plan)
    if plan.area and plan.area not in AREAS:
        return Decision("decline", plan, "area")
    if plan.modality not in MODALITIES:
        return Decision("ask_modality", plan, plan.modality or "missing")
    plan = _with_length(plan, situation)
    if plan.reason and "amount" not in plan.agreed:
        return Decision("confirm", plan, plan.reason, "amount")
    rest_first = _rest_of_twenty(plan, situation)
    if rest_first.action != "start":
        return rest_first
    plan = rest_first.plan
    if situation.running and "replace" not in plan.agreed:
        return Decision("confirm", plan, "replace", "replace")
    if not situation.safety_answered and "safety" not in plan.agreed:
        return Decision("ask_safety", plan, None, "safety")
    return Decision("start", plan)


def _with_length(plan: Plan, situation: Situation) -> Plan:
    """The plan with a length: the usual one where none was given."""
    return plan if plan.seconds is not None else replace(plan, seconds=situation.usual_seconds(plan.modality))


def _rest_of_twenty(plan: Plan, situation: Situation) -> Decision:
    """Hold a plan to what is left of twenty minutes in all, when the skin had some within the hour (H02, C03)."""
    had, wanted = situation.had(plan), plan.seconds or LONGEST
    left = LONGEST - had
    if wanted <= left:
        return Decision("start", plan)
    if left >= SHORTEST:
        plan = replace(plan, seconds=left)
        if situation.running_on(plan) or "too_soon" in plan.agreed:
            return Decision("start", plan)
        return Decision("confirm", plan, "too_soon", "too_soon")
    if situation.running_on(plan) or not ended_unseen(plan, situation):
        return Decision("decline", plan, "too_soon")
    # The log doesn't know when it was taken off: only the person does, and then the shortest session is enough.
    plan = replace(plan, seconds=SHORTEST)
    return Decision("start" if "too_soon" in plan.agreed else "decline", plan, "too_soon", "too_soon")


def ended_unseen(plan: Plan, situation: Situation) -> bool:
    """Whether a recent session of this kind ended outside Hip Coach, so that nobody knows how long it was."""
    return any(session.outcome == "elsewhere" for session in situation.recent(plan.modality, plan.side))


def rules_out(caution: str, modality: str | None) -> bool:
    """Whether a caution (an entry of `cautions.toml`) speaks against this session; against any, when none is named."""
    entry = page("cautions").get(caution)
    ruled_out: Sequence[str] = entry["rules_out"] if entry else MODALITIES
    return modality in ruled_out if modality in MODALITIES else bool(ruled_out)


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
