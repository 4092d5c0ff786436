"""What a turn says of a session: heat or cold, how long, where; and how it fits to what was said before."""

from __future__ import annotations

from dataclasses import replace

from skill.coaching.amounts import Amount, judge_amount
from skill.coaching.therapy import UNCLEAR_AREA, Plan, known_side
from skill.coaching.therapy_session import AREAS, MODALITIES
from skill.handlers.turn import Turn


def heard_plan(turn: Turn) -> Plan:
    """What the slots of this turn say of a session."""
    modality = turn.id("modality")
    with_modality = turn.id("with_modality")
    if modality in MODALITIES and with_modality in MODALITIES and with_modality != modality:
        modality = "conflict"
    plan = Plan(
        modality=modality,
        area=_heard_area(turn),
        side=known_side(turn.id("side")),
        then=turn.id("then_modality"),
    )
    return with_amount(plan, heard_amount(turn)) if amount_given(turn) else plan


def heard_amount(turn: Turn) -> Amount:
    """How long this turn asks for: of "ten of heat, then ice for five" the first, for the second comes afterwards."""
    duration, minutes = turn.value("duration"), turn.value("minutes")
    if minutes and turn.value("then_modality"):
        duration = None
    return judge_amount(duration, minutes, turn.value("lowest"), turn.id("length"))


def _heard_area(turn: Turn) -> str | None:
    """The place that was named; `UNCLEAR_AREA` when it could be one of ours, but nobody knows which."""
    slot = turn.slots.get("area")
    if slot is None:
        return None
    if slot.not_looked_up or (len(slot.ids) > 1 and any(area in AREAS for area in slot.ids)):
        return UNCLEAR_AREA
    return slot.ids[0] if slot.ids else "unknown"


def amount_given(turn: Turn) -> bool:
    """Whether this turn says how long, in whatever way."""
    return any(turn.value(slot) for slot in ("duration", "minutes", "lowest", "length"))


def with_amount(plan: Plan, amount: Amount) -> Plan:
    """The plan with this length."""
    return replace(plan, seconds=amount.seconds, asked_seconds=amount.asked_seconds, reason=amount.reason)


def filled_from(turn: Turn, plan: Plan) -> Plan:
    """A plan that answers a question keeps what was said before."""
    if turn.pending is None:
        return plan
    earlier = turn.pending.plan
    filled = replace(
        plan,
        modality=plan.modality or (earlier.modality if earlier.modality in MODALITIES else None),
        area=plan.area or earlier.area,
        side=plan.side or earlier.side,
        then=plan.then or earlier.then,
    )
    if amount_given(turn):
        return filled
    return replace(filled, seconds=earlier.seconds, asked_seconds=earlier.asked_seconds, reason=earlier.reason)
