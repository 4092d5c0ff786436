"""Deleting all that is kept of a person, at one go or over several visits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from skill.handlers.profile import Profile
from skill.session_log import PROFILE, SESSION_KEY, Forgotten, LogEntry, SessionLog, key_of

_DELETING_SECONDS = 3.5
"""What deleting may take of the eight seconds that Alexa waits; the calls to her own services come on top."""
_DELETING_ON_SECONDS = 1.5
"""What going on with it may take at a later visit, before the person hears anything."""


def forget(
    log: SessionLog,
    person: str,
    request_hash: str,
    now: datetime,
    rebase: Callable[[LogEntry, LogEntry | None], LogEntry | None],
) -> tuple[Forgotten, LogEntry | None]:
    """Delete everything; with it the profile that marks what is left, where that was more than there is time for.

    Raises:
        LogUnavailable: when DynamoDB gives no answer.
    """
    done = log.forget(person, _DELETING_SECONDS)
    if done.complete:
        return done, None
    mark = LogEntry(PROFILE, "profile", 1, request_hash, Profile(deleting_before=now.isoformat()).as_fields())
    # Another device may have written a profile in this very moment: then that one is marked.
    log.save(person, [mark], rebase=rebase)
    return done, mark


def go_on(
    log: SessionLog, person: str, request_hash: str, entries: list[LogEntry]
) -> tuple[list[LogEntry], LogEntry | None]:
    """The entries without those that are being deleted. Where that was not done in one go, it goes on here; once it is
    done, the profile without its mark comes with them, to be written.

    Raises:
        LogUnavailable: when DynamoDB gives no answer.
    """
    marked = next((entry for entry in entries if entry.entry == PROFILE), None)
    profile = Profile.from_fields(marked.fields if marked else {})
    before = profile.deleting_until
    if marked is None or before is None:
        return entries, None
    newer = [entry for entry in entries if key_of(SESSION_KEY, before, "") <= entry.entry < PROFILE]
    if not log.forget(person, _DELETING_ON_SECONDS, before).complete:
        return [marked, *newer], None
    profile = replace(profile, deleting_before="")
    if profile == Profile() and not newer:
        log.forget(person, _DELETING_ON_SECONDS)
        return [], None
    unmarked = replace(marked.changed(request_hash), fields=profile.as_fields())
    return [unmarked, *newer], unmarked
