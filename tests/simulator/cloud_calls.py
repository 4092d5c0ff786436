"""How the tests of Alexa's cloud call it: over real HTTP, as a skill does; and the timers they ask for."""

from __future__ import annotations

import copy
import json
from typing import Any

import urllib3

from simulator.alexa_cloud import AlexaCloud

Json = dict[str, Any]
TIMERS = "/v1/alerts/timers"
TIME_ZONE = "/v2/devices/device-1/settings/System.timeZone"
DIRECTIVES = "/v1/directives"
UNLABELLED = object()
OPERATION = "triggeringBehavior.operation"
TEXTS = f"{OPERATION}.textToAnnounce"


class Caller:
    """A skill's HTTP side: one kept connection, no retries, no redirects."""

    def __init__(self) -> None:
        self.pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(5.0))

    def call(
        self, cloud: AlexaCloud, method: str, path: str, body: object = None, *, token: str | None = None
    ) -> tuple[int, Any]:
        """Status and parsed body of one call; raw bytes, and `None` for no body, are passed as they are."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        reply = self.pool.request(
            method,
            cloud.endpoint + path,
            body=data,
            headers={"Authorization": f"Bearer {cloud.token if token is None else token}"},
        )
        return reply.status, json.loads(reply.data) if reply.data else None


def a_timer(duration: str = "PT15M", label: object = "heat pack", text: str = "Take it off.") -> Json:
    """An ANNOUNCE timer that speaks at once, as in the Timers REST API Reference."""
    body: Json = {
        "duration": duration,
        "creationBehavior": {"displayExperience": {"visibility": "VISIBLE"}},
        "triggeringBehavior": {
            "operation": {"type": "ANNOUNCE", "textToAnnounce": [{"locale": "en-US", "text": text}]},
            "notificationConfig": {"playAudible": False},
        },
    }
    return body if label is UNLABELLED else {**body, "timerLabel": label}


def a_ringing_timer(**members: Any) -> Json:
    body = a_timer(**members)
    body["triggeringBehavior"] = {"operation": {"type": "NOTIFY_ONLY"}, "notificationConfig": {"playAudible": True}}
    return body


def changed(path: str, value: object = None, *, base: Json | None = None) -> Json:
    """A sound request with one member, named by its dotted path, set to something else; None takes it out."""
    body = copy.deepcopy(base or a_timer())
    *parents, name = path.split(".")
    holder = body
    for parent in parents:
        holder = holder[parent]
    if value is None:
        del holder[name]
    else:
        holder[name] = value
    return body
