"""The time zone of the report: the one that is named, else the machine's, else UTC."""

from __future__ import annotations

import difflib
import os
from datetime import UTC, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from simulator.report.trouble import ReportError

_LOCALTIME = Path("/etc/localtime")


def zone_of(name: str | None) -> tuple[tzinfo, str]:
    """The zone, and what to call it on the page.

    Raises:
        ReportError: when there is no zone of that name.
    """
    if name is None:
        return _of_this_machine() or (UTC, "UTC")
    if name.upper() == "UTC":
        return UTC, "UTC"
    zone = _named(name)
    if zone is not None:
        return zone, name
    alike = difflib.get_close_matches(name, available_timezones(), 1)
    advice = f"did you mean {alike[0]}?" if alike else "give one such as Europe/London"
    raise ReportError(f"there is no time zone {name!r}: {advice}")


def _of_this_machine() -> tuple[tzinfo, str] | None:
    """The machine's zone where it has a name: without one, its rules for summer time are not known for all the year."""
    for name in (os.environ.get("TZ", "").removeprefix(":"), _behind_localtime()):
        zone = _named(name)
        if zone is not None:
            return zone, name.removeprefix("Etc/")
    return None


def _behind_localtime() -> str:
    _, found, name = os.path.realpath(_LOCALTIME).rpartition("/zoneinfo/")
    return name.removeprefix("posix/") if found else ""


def _named(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None
