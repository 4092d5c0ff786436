"""What a turn knows of the person: the session log, read at most once in a conversation and written once in a turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from skill.coaching.stretch_session import StretchSession
from skill.coaching.therapy import Situation
from skill.coaching.therapy_session import TherapySession
from skill.session_log import PROFILE, LogEntry, LogUnavailable, SessionLog

_UNPLACED = "log#unplaced"
"""The key of a session that was changed while the log was away and only its timer was known: no entry of the log."""
_READ = 24
"""Entries that are read: enough that a day full of one kind doesn't hide what is known of the other."""
_KEPT: Mapping[str, int] = {"therapy": 5, "stretch": 2}
"""How many of the latest sessions of each kind a conversation carries along, beside the profile."""
REPLACED_HIP = ("no", "left", "right", "both", "yes")
"""What may be known of a replaced hip; "yes" is one whose side isn't known."""


@dataclass(frozen=True)
class Profile:
    """The little that is kept about the person; never a symptom. What isn't known is left out of the log."""

    safety_answered: bool = False
    """Whether the safety question before the first session was answered well."""
    timers_denied: bool = False
    """Whether they said no to timers; they are not asked again, but may allow them in the Alexa app."""

    replaced_hip: str = "unknown"
    """Which stretches are theirs to choose from: "unknown" until they were asked, then one of `REPLACED_HIP`."""
    stretches_cleared: bool = False
    """Whether their surgeon or physiotherapist has allowed them all stretches."""

    def as_fields(self) -> dict[str, Any]:
        """Plain JSON for the log."""
        fields: dict[str, Any] = {"safety_answered": self.safety_answered, "timers_denied": self.timers_denied}
        if self.replaced_hip != "unknown":
            fields |= {"replaced_hip": self.replaced_hip, "stretches_cleared": self.stretches_cleared}
        return fields

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> Profile:
        """The profile that `as_fields` wrote, now or before it knew as much; anything odd counts as not known."""
        replaced = fields.get("replaced_hip")
        known = isinstance(replaced, str) and replaced in REPLACED_HIP
        return cls(
            fields.get("safety_answered") is True,
            fields.get("timers_denied") is True,
            str(replaced) if known else "unknown",
            known and fields.get("stretches_cleared") is True,
        )


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
        self.is_last_try = False
        """Whether the talk ends here in any case: what can't be saved now is given up without a word."""
        self._unread = False
        self._fresh = False

    @property
    def profile(self) -> Profile:
        """What is kept about the person."""
        entry = self._entries().get(PROFILE)
        return Profile.from_fields(entry.fields) if entry else Profile()

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

    def stretches(self) -> list[StretchSession]:
        """Stretch sessions, newest first, as the log has them; unreadable ones left out."""
        found = []
        for entry in self._entries().values():
            if entry.kind != "stretch":
                continue
            try:
                found.append(StretchSession.from_fields(entry.entry, entry.fields))
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

    def keep_stretch(self, session: StretchSession) -> None:
        """Remember a stretch session as it is now."""
        self._keep(session.id, "stretch", session.as_fields())

    def keep_profile(self, profile: Profile) -> None:
        """Remember the profile as it is now; while the log can't be read, only what was said just now."""
        if profile == self.profile:
            return
        fields = profile.as_fields()
        if self._unread:
            unsaid = Profile().as_fields()
            fields = {name: value for name, value in fields.items() if value != unsaid.get(name)}
        self._keep(PROFILE, "profile", fields)

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
        except LogUnavailable:
            self.log_failed = True
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
        kept = [entry for key, entry in self._known.items() if key == PROFILE]
        newest_first = sorted(self._known.values(), key=lambda entry: entry.entry, reverse=True)
        for kind, most in _KEPT.items():
            kept += [entry for entry in newest_first if entry.kind == kind][:most]
        return tuple(kept)

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
        self._known = known
        for key, entry in list(self._unsaved.items()):
            held = known.get(key)
            if held is None or held.revision < entry.revision:
                rebased: LogEntry | None = entry
            else:
                # Somebody wrote meanwhile, or this was written before it could be read: put on top of it in good time.
                del self._unsaved[key]
                rebased = None if held.changed_by == entry.changed_by else self._rebased(entry, held)
            if rebased is not None and key != _UNPLACED:
                known[key] = self._unsaved[key] = rebased
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
                entries = self._log.newest(self._person, _READ)
            except LogUnavailable:
                self.log_failed = True
            else:
                self._fresh = True
                return entries
        self._unread = True
        return []
