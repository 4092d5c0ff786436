"""What a turn knows of the person: the session log, read at most once in a conversation and written once in a turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from skill.coaching.therapy import Situation
from skill.coaching.therapy_session import TherapySession
from skill.session_log import PROFILE, LogEntry, LogUnavailable, SessionLog

_UNPLACED = "log#unplaced"
"""The key of a session that was changed while the log was away and only its timer was known: no entry of the log."""
_KEPT = 6
"""Entries that a conversation carries along: the profile and the latest sessions."""


@dataclass(frozen=True)
class Profile:
    """The little that is kept about the person; never a symptom."""

    safety_answered: bool = False
    """Whether the safety question before the first session was answered well."""
    timers_denied: bool = False
    """Whether they said no to timers; they are not asked again, but may allow them in the Alexa app."""

    def as_fields(self) -> dict[str, Any]:
        """Plain JSON for the log."""
        return {"safety_answered": self.safety_answered, "timers_denied": self.timers_denied}


class Memory:
    """One turn's view of the person's log.

    Works without a log too (no user id, DynamoDB down): then what happens is kept in the conversation alone, and
    `unsaved` holds what must be written later.
    """

    def __init__(
        self,
        log: SessionLog | None,
        person: str | None,
        request_hash: str,
        known: Sequence[LogEntry] | None,
        unsaved: Sequence[LogEntry],
    ) -> None:
        self._log = log if person else None
        self._person = person or ""
        self._request_hash = request_hash
        self._known = None if known is None else {entry.entry: entry for entry in known}
        self._unsaved = {entry.entry: entry for entry in unsaved}
        self.log_failed = False
        """Whether the log failed in this turn; it is not tried again before the next."""
        self.log_error: str | None = None
        """Why, for operators: "throttled (ThrottlingException)"."""
        self.is_last_try = False
        """Whether the talk ends here in any case: what can't be saved now is given up without a word."""
        self._unread = False
        self._fresh = False

    @property
    def profile(self) -> Profile:
        """What is kept about the person."""
        entry = self._entries().get(PROFILE)
        fields = entry.fields if entry else {}
        return Profile(fields.get("safety_answered") is True, fields.get("timers_denied") is True)

    def sessions(self) -> list[TherapySession]:
        """Heat and cold sessions, newest first, as the log has them; unreadable ones left out."""
        found = []
        for entry in self._entries().values():
            if entry.kind != "therapy":
                continue
            try:
                found.append(TherapySession.from_fields(entry.entry, entry.fields))
            except ValueError:
                continue
        return sorted(found, key=lambda session: session.started_at, reverse=True)

    def situation(self, now: datetime) -> Situation:
        """What a decision about heat and cold depends on, with sessions settled up to now."""
        sessions = tuple(session.settled(now) for session in self.sessions())
        return Situation(now, self.profile.safety_answered, sessions)

    def new_entry_id(self, now: datetime) -> str:
        """The key of an entry that begins now. The same request gets the same key, however often it is sent."""
        return f"log#{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z#{self._request_hash}"

    def keep_session(self, session: TherapySession) -> None:
        """Remember a session as it is now. One without an id, known from its timer alone, waits until the log is back
        and shows which it is."""
        if session.id:
            self._keep(session.id, "therapy", session.as_fields())
        else:
            self._unsaved[_UNPLACED] = LogEntry(_UNPLACED, "unplaced", 1, self._request_hash, session.as_fields())

    def keep_profile(self, profile: Profile) -> None:
        """Remember the profile as it is now."""
        if profile != self.profile:
            self._keep(PROFILE, "profile", profile.as_fields())

    def read_again(self) -> None:
        """Read the log once more where this turn goes by what was read earlier: another device may have written."""
        if self._log is None or self._fresh or self.log_failed:
            return
        entries = self._read()
        if not self.log_failed:
            self._take(entries)

    def save(self) -> bool:
        """Write what is unsaved. False when something must still be saved later, and somebody waits to hear of it."""
        return self._save() or self.is_last_try

    def _save(self) -> bool:
        if _UNPLACED in self._unsaved:
            self._place()
        if not self._unsaved or self._log is None:
            self._unsaved = {}
            return True
        if self.log_failed:
            return False
        try:
            saved = self._log.save(self._person, list(self._unsaved.values()))
            rebased = [
                entry
                for ours, held in zip(saved.stale, saved.held, strict=True)
                if (entry := self._rebased(ours, held))
            ]
            if rebased:
                self._log.save(self._person, rebased)
        except LogUnavailable as problem:
            self._note_failure(problem)
            return False
        for entry in rebased:
            self._entries()[entry.entry] = entry
        self._unsaved = {}
        return True

    @property
    def known(self) -> tuple[LogEntry, ...] | None:
        """The entries to carry along in the conversation; None when the next turn must read them (anew)."""
        if self._known is None or self._unread:
            return None
        profile = [entry for key, entry in self._known.items() if key == PROFILE]
        others = sorted((e for key, e in self._known.items() if key != PROFILE), key=lambda e: e.entry, reverse=True)
        return tuple(profile + others[: _KEPT - 1])

    @property
    def unsaved(self) -> tuple[LogEntry, ...]:
        """What the log has not taken yet."""
        return tuple(self._unsaved.values())

    def _rebased(self, ours: LogEntry, held: LogEntry | None) -> LogEntry | None:
        """Our entry on top of what somebody else wrote meanwhile; None when theirs has to stand.

        A session that somebody has ended stays as they ended it, whatever another device still thought.
        """
        if held is None:
            return None
        if held.fields.get("outcome") not in (None, "running", "paused"):
            self._entries()[held.entry] = held
            return None
        return held.changed(self._request_hash, **ours.fields)

    def _note_failure(self, problem: LogUnavailable) -> None:
        self.log_failed = True
        self.log_error = f"{problem.reason} ({problem.code})"

    def _keep(self, key: str, kind: str, fields: dict[str, Any]) -> None:
        entries = self._entries()
        before = entries.get(key)
        if before is not None and dict(before.fields) == fields:
            return
        waiting = self._unsaved.get(key)
        if waiting is not None:
            entry = LogEntry(key, kind, waiting.revision, self._request_hash, fields)
        else:
            entry = LogEntry(key, kind, before.revision + 1 if before else 1, self._request_hash, fields)
        entries[key] = entry
        self._unsaved[key] = entry

    def _entries(self) -> dict[str, LogEntry]:
        return self._take(self._read()) if self._known is None else self._known

    def _take(self, entries: list[LogEntry]) -> dict[str, LogEntry]:
        """Go by these entries of the log, and by what it hasn't taken yet."""
        known = {entry.entry: entry for entry in entries}
        known.update((key, entry) for key, entry in self._unsaved.items() if key != _UNPLACED)
        self._known = known
        if self._fresh:
            self._place()
        return known

    def _place(self) -> None:
        """Note what was done while the log was away with the session that it was done to, now that the log tells."""
        sessions = self.sessions()
        if self.log_failed:
            return
        entry = self._unsaved.pop(_UNPLACED, None)
        try:
            done = TherapySession.from_fields("", entry.fields) if entry else None
        except ValueError:
            return
        for session in sessions:
            if done and session.is_live and session.modality == done.modality:
                self.keep_session(session.as_seen_without_log(done))

    def _read(self) -> list[LogEntry]:
        if self._log is None:
            return []
        if not self.log_failed:
            try:
                entries = self._log.newest(self._person)
            except LogUnavailable as problem:
                self._note_failure(problem)
            else:
                self._fresh = True
                return entries
        self._unread = True
        return []
