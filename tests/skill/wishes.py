"""A wish for a session as an envelope, the sessions that the log holds, and what a turn record holds."""

from __future__ import annotations

from typing import Any

from simulator import Echo

RECORD_KEYS = {"request", "intent", "outcome", "details", "ms", "db_calls", "log_error", "locale"}
"""What a turn record holds."""


def wish(echo: Echo, **request: Any) -> dict[str, Any]:
    """The envelope of "start cold therapy for fifteen minutes"."""
    slots = {
        "modality": {
            "name": "modality",
            "value": "cold",
            "resolutions": {
                "resolutionsPerAuthority": [
                    {"status": {"code": "ER_SUCCESS_MATCH"}, "values": [{"value": {"name": "cold", "id": "cold"}}]}
                ]
            },
        },
        "duration": {"name": "duration", "value": "PT15M"},
    }
    intent = {"name": "StartTherapyIntent", "confirmationStatus": "NONE", "slots": slots}
    echo.cloud.session_open = True
    return echo.envelope({"type": "IntentRequest", "intent": intent} | request)


def sessions(echo: Echo) -> list[dict[str, Any]]:
    return [entry for entry in echo.log_entries() if entry["kind"] == "therapy"]
