"""The session log: what Hip Coach remembers of a person from one visit to the next, in one DynamoDB table.

An entry (the profile, a heat or cold session, ...) is written whole, with a revision that grows by one at each change
and with a short hash of the request that made it. DynamoDB takes a revision only where it holds none or an older one.
So a request that Alexa sends twice is written once, and of two devices at once neither overwrites what the other wrote.

boto3 is imported at the first use only: many a turn needs no log, and a cold start is short of time.
"""

from __future__ import annotations

from skill.session_log.deletion import Forgotten
from skill.session_log.entries import (
    JSON,
    PROFILE,
    SESSION_KEY,
    VISIT_KEY,
    Fields,
    LogEntry,
    key_of,
    moment_of,
)
from skill.session_log.failures import LogUnavailable, Reason
from skill.session_log.log import KEPT_FOR, Saved, SessionLog
from skill.session_log.outlines import Outline, Outlines
from skill.session_log.stored_values import SCHEMA
from skill.session_log.table import TABLE_DEFINITION, TIME_TO_LIVE, create_table, make_client

__all__ = [
    "JSON",
    "KEPT_FOR",
    "PROFILE",
    "SCHEMA",
    "SESSION_KEY",
    "TABLE_DEFINITION",
    "TIME_TO_LIVE",
    "VISIT_KEY",
    "Fields",
    "Forgotten",
    "LogEntry",
    "LogUnavailable",
    "Outline",
    "Outlines",
    "Reason",
    "Saved",
    "SessionLog",
    "create_table",
    "key_of",
    "make_client",
    "moment_of",
]
