"""What is kept about the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

REPLACED_HIP = ("no", "left", "right", "both", "yes")
"""What may be known of a replaced hip; "yes" is one whose side isn't known."""


@dataclass(frozen=True)
class Profile:
    """The little that is kept about the person; never a symptom."""

    safety_answered: bool = False
    """Whether the safety question before the first session was answered well."""
    timers_denied: bool = False
    """Whether they said no to timers; they are not asked again, but may allow them in the Alexa app."""
    replaced_hip: str = "unknown"
    """Which stretches are theirs to choose from: "unknown" until they were asked, then one of `REPLACED_HIP`."""
    stretches_cleared: bool = False
    """Whether their surgeon or physiotherapist has allowed them all stretches."""
    time_zone: str = ""
    """The device's time zone ("Europe/London"), once it was needed and could be had."""
    time_zone_asked: str = ""
    """The day on which it was asked for ("2026-03-02"): people move."""
    deleting_before: str = ""
    """The moment, as ISO 8601, before which everything is being deleted, while that is not done."""

    @property
    def deleting_until(self) -> datetime | None:
        """`deleting_before` as a moment; None when nothing is being deleted."""
        try:
            return datetime.fromisoformat(self.deleting_before)
        except ValueError:
            return None

    def as_fields(self) -> dict[str, Any]:
        """Plain JSON for the log; what later versions added is left out while it isn't known."""
        fields: dict[str, Any] = {"safety_answered": self.safety_answered, "timers_denied": self.timers_denied}
        if self.replaced_hip != "unknown":
            fields |= {"replaced_hip": self.replaced_hip, "stretches_cleared": self.stretches_cleared}
        added = {name: getattr(self, name) for name in ("time_zone", "time_zone_asked", "deleting_before")}
        return fields | {name: value for name, value in added.items() if value}

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Profile:
        """The profile that `as_fields` wrote, now or in an earlier version; what is missing or odd has its default."""
        texts = {
            name: value
            for name in ("time_zone", "time_zone_asked", "deleting_before")
            if isinstance(value := fields.get(name), str) and len(value) < 64
        }
        replaced = fields.get("replaced_hip")
        known = isinstance(replaced, str) and replaced in REPLACED_HIP
        return cls(
            fields.get("safety_answered") is True,
            fields.get("timers_denied") is True,
            str(replaced) if known else "unknown",
            known and fields.get("stretches_cleared") is True,
            **texts,
        )
