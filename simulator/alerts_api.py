"""The calls of Alexa's Timers and Reminders APIs, once they are allowed: what each does, and what it answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from simulator.cloud_server import LARGEST_BODY, Reply
from simulator.reminders_world import RemindersWorld
from simulator.timers_world import RefusedError, TimersWorld


def serve_timers(world: TimersWorld, method: str, rest: Sequence[str], body: bytes, now: datetime) -> Reply:
    """Answer a call of /v1/alerts/timers; `rest` is the path behind it.

    Raises:
        RefusedError: as the API refuses it.
    """
    match method, rest:
        case "GET", []:
            timers = [timer.as_response() for timer in world.live(now)]
            return Reply(200, json.dumps({"totalCount": len(timers), "timers": timers}))
        case "POST", []:
            return Reply(200, json.dumps(world.create(parse_body(body), now).as_response()))
        case "DELETE", []:
            world.delete_all()
        case "GET", [timer_id]:
            return Reply(200, json.dumps(world.get(timer_id).as_response()))
        case "DELETE", [timer_id]:
            world.delete(timer_id)
        case "POST", [timer_id, "pause"]:
            world.pause(timer_id, now)
        case "POST", [timer_id, "resume"]:
            world.resume(timer_id, now)
        case _:
            raise RefusedError(404, "NOT_FOUND", "There is no such API")
    return Reply(200)


def serve_reminders(
    world: RemindersWorld, method: str, rest: Sequence[str], body: bytes, now: datetime, time_zone: str
) -> Reply:
    """Answer a call of /v1/alerts/reminders; `rest` is the path behind it.

    Raises:
        RefusedError: as the API refuses it.
    """
    match method, rest:
        case "GET", []:
            alerts = [reminder.as_alert() for reminder in world.all()]
            return Reply(200, json.dumps({"totalCount": str(len(alerts)), "alerts": alerts}))
        case "POST", []:
            return Reply(200, json.dumps(world.create(parse_body(body), now, time_zone).as_response()))
        case "GET", [reminder_id]:
            return Reply(200, json.dumps(world.get(reminder_id).as_alert()))
        case "PUT", [reminder_id]:
            changed = world.update(reminder_id, parse_body(body), now, time_zone)
            return Reply(200, json.dumps(changed.as_response()))
        case "DELETE", [reminder_id]:
            world.delete(reminder_id)
            return Reply(200)
    raise RefusedError(404, "NOT_FOUND", "There is no such API")


def parse_body(body: bytes) -> Any:
    """The JSON of a call's body.

    Raises:
        RefusedError: when it is none, or too large.
    """
    if len(body) > LARGEST_BODY:
        raise RefusedError(400, "BAD_REQUEST", "The body is too large")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError(400, "BAD_REQUEST", "The body must be JSON") from None
