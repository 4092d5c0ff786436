"""A plan inside the token of a permission question: the one thing that surely comes back with the answer."""

from __future__ import annotations

import json

from skill.coaching.reminder import ReminderPlan
from skill.coaching.therapy import Plan

REMINDER_WISHES = ("set", "list", "cancel", "cancel_all")
"""What may be wished for with reminders."""


def plan_to_token(plan: Plan) -> str:
    """The plan as a short text."""
    return json.dumps(plan.as_json(), separators=(",", ":"))


def plan_from_token(token: str) -> Plan | None:
    """The plan that `plan_to_token` wrote, or None for anything else."""
    try:
        data = json.loads(token)
        return Plan.from_json(data) if isinstance(data, dict) else None
    except ValueError:
        return None


def reminder_to_token(wish: str, plan: ReminderPlan) -> str:
    """What is wished for with reminders, one of `REMINDER_WISHES`, and with which, as a short text."""
    return json.dumps({"wish": wish, "reminder": plan.as_json()}, separators=(",", ":"))


def reminder_from_token(token: str) -> tuple[str, ReminderPlan] | None:
    """What `reminder_to_token` wrote, or None for anything else."""
    try:
        data = json.loads(token)
        if not isinstance(data, dict) or data.get("wish") not in REMINDER_WISHES:
            return None
        return data["wish"], ReminderPlan.from_json(data["reminder"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
