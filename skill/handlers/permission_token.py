"""A plan inside the token of a permission question: the one thing that surely comes back with the answer."""

from __future__ import annotations

import json

from skill.coaching.therapy import Plan


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
