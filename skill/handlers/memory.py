"""What a turn knows of the person: the session log, read at most once in a conversation and written once in a turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from skill.coaching.stretch_session import StretchSession
from skill.coaching.therapy import Situation
from skill.coaching.therapy_session import TherapySession
from skill.handlers import forgetting
from skill.handlers.logged_sessions import stretch_sessions, therapy_sessions
from skill.handlers.profile import Profile
from skill.session_log import (
    PROFILE,
    SESSION_KEY,
    Forgotten,
    LogEntry,
    LogUnavailable,
    Outlines,
    SessionLog,
    key_of,
)

_UNPLACED = "log#unplaced"
"""The key of a session that was changed while the log was away and only its timer was known: no entry of the log."""
_READ = 24
"""Entries that are read: enough that a day full of one kind doesn't hide what is known of the other."""
_KEPT: Mapping[str, int] = {"therapy": 5, "stretch": 2}
"""How many of the latest sessions of each kind a conversation carries along, beside the profile."""
_ROUND_TRIPS = 2
"""Round trips to the log that a turn may make, deleting apart."""


class Memory:
    """One turn's view of the person's log.

    Works without a log too (no user id, DynamoDB down): then what happens is kept in the conversation alone, and
    `unsaved` holds what must be written later.

    A visit is noted along with whatever is written first, or when the conversation ends; `visit` is its key until then.
    It is lost when the log fails just then: nobody is kept talking for a mere count.
    """

    def __init__(
        self,
        log: SessionLog | None,
        person: str | None,
        request_hash: str,
        known: Sequence[LogEntry] | None,
        unsaved: Sequence[LogEntry],
        visit: str = "",
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
        self._unread = self._fresh = False
        self.visit = visit
        """The key of this visit while it is not noted; empty afterwards."""
        self._can_wait: set[str] = set()
        self._gone: set[str] = set()
        """What was deleted on another device during this conversation: it must not come back."""
        self._trips_before = log.round_trips if log else 0

    @property
    def profile(self) -> Profile:
        """What is kept about the person."""
        entry = self._entries().get(PROFILE)
        return Profile.from_fields(entry.fields if entry else {})

    def sessions(self) -> list[TherapySession]:
        """Heat and cold sessions, newest first, as the log has them; unreadable ones left out."""
        return therapy_sessions(self._entries().values())

    def stretches(self) -> list[StretchSession]:
        """Stretch sessions, newest first, as the log has them; unreadable ones left out."""
        return stretch_sessions(self._entries().values())

    def situation(self, now: datetime) -> Situation:
        """What a decision about heat and cold depends on, with sessions settled up to now."""
        sessions = tuple(session.settled(now) for session in self.sessions())
        return Situation(now, self.profile.safety_answered, sessions)

    def new_entry_id(self, now: datetime) -> str:
        """The key of an entry that begins now. The same request gets the same key, however often it is sent."""
        return key_of(SESSION_KEY, now, self._request_hash)

    def keep_session(self, session: TherapySession, can_wait: bool = False) -> None:
        """Remember a session as it is now. One without an id, known from its timer alone, waits until the log is back
        and shows which it is. What can wait is written when the turn has a round trip left for it."""
        if session.id:
            self._keep(session.id, "therapy", session.as_fields())
            if can_wait:
                self._can_wait.add(session.id)
        else:
            self._unsaved[_UNPLACED] = LogEntry(_UNPLACED, "unplaced", 1, self._request_hash, session.as_fields())

    def keep_stretch(self, session: StretchSession) -> None:
        """Remember a stretch session as it is now."""
        self._keep(session.id, "stretch", session.as_fields())

    def keep_profile(self, profile: Profile, can_wait: bool = False) -> None:
        """Remember the profile as it is now; while the log can't be read, only what was said just now. What can wait is
        written when the turn has a round trip left for it."""
        if profile == self.profile:
            return
        fields = profile.as_fields()
        if self._unread:
            unsaid = Profile().as_fields()
            fields = {name: value for name, value in fields.items() if value != unsaid.get(name)}
        self._keep(PROFILE, "profile", fields)
        if can_wait:
            self._can_wait.add(PROFILE)

    def read_again(self) -> None:
        """Read the log once more where this turn goes by what was read earlier: another device may have written."""
        if self._log is None or self._fresh or self.log_failed:
            return
        before, entries = set(self._known or ()), self._read()
        if not self.log_failed:
            self._gone = before - {entry.entry for entry in entries} - self._unsaved.keys()
            if self._gone:
                self.visit = ""
            self._take(entries)

    def sessions_between(
        self, since: datetime | None, until: datetime, kinds: Sequence[str], fields: Sequence[str], limit: int
    ) -> Outlines | None:
        """The person's sessions in a stretch of time, in one query; None when the log doesn't answer.

        What this conversation knows of them, or hasn't saved yet, is not in it.
        """
        if self._log is None:
            return Outlines((), complete=True)
        if self.log_failed:
            return None
        try:
            return self._log.outlines(self._person, since, until, kinds, fields, limit)
        except LogUnavailable as problem:
            self._note_failure(problem)
            return None

    def entries_of(self, kinds: Sequence[str]) -> list[LogEntry]:
        """The latest entries of these kinds that this conversation knows of, saved or not."""
        return [entry for entry in self._entries().values() if entry.kind in kinds]

    def forget(self, now: datetime) -> Forgotten | None:
        """Delete all that is kept of the person, here and in the log; None when the log fails meanwhile.

        Where there is more than there is time for, the profile says so, and the next visit goes on with it.
        """
        self._known, self._unsaved, self.visit = {}, {}, ""
        if self._log is None:
            return Forgotten(0, complete=True)
        try:
            done, mark = forgetting.forget(self._log, self._person, self._request_hash, now, self._rebased)
        except LogUnavailable as problem:
            self._note_failure(problem)
            self._known = None
            return None
        if mark:
            self._known = {PROFILE: mark}
        return done

    def save(self, ends: bool = False) -> bool:
        """Write what is unsaved. False when something must still be saved later, and somebody waits to hear of it.

        Args:
            ends: whether the conversation ends with this turn.
        """
        return self._save(ends) or self.is_last_try

    def _save(self, ends: bool) -> bool:
        if _UNPLACED in self._unsaved:
            self._place()
        if self._log is None:
            self._unsaved, self.visit = {}, ""
            return True
        left = self._round_trips_left()
        entries = list(self._unsaved.values())
        if self.visit and (entries or ends):
            entries.append(LogEntry(self.visit, "visit", 1, self._request_hash, {}))
        if not entries:
            return True
        can_wait = set(self._unsaved) <= self._can_wait
        if left <= 0 or self.log_failed:
            return can_wait
        try:
            saved = self._log.save(
                self._person, entries, at_most=left, rebase=self._rebased, only_onto_what_is_there=True
            )
        except LogUnavailable as problem:
            self._note_failure(problem)
            return can_wait
        for entry in saved.written:
            if entry.kind != "visit":
                self._entries()[entry.entry] = entry
        self._unsaved, self.visit = {}, ""
        return True

    def _round_trips_left(self) -> int:
        return _ROUND_TRIPS - (self._log.round_trips - self._trips_before) if self._log else 0

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
        """Our entry on top of what somebody else wrote meanwhile; None when theirs is gone, or has to stand: whatever
        another device still thought, a session that somebody has ended stays as they ended it."""
        if held is None:
            return None
        if held.fields.get("outcome") not in (None, "running", "paused"):
            self._entries()[held.entry] = held
            return None
        changed = held.changed(self._request_hash, **ours.fields)
        # A session is always known whole, and leaves out what is over: a pause of theirs must not stay in it.
        return changed if held.entry == PROFILE else replace(changed, fields=ours.fields)

    def _note_failure(self, problem: LogUnavailable) -> None:
        self.log_failed = True
        self.log_error = f"{problem.reason} ({problem.code})"

    def _keep(self, key: str, kind: str, fields: dict[str, Any]) -> None:
        entries = self._entries()
        before = entries.get(key)
        if key in self._gone or (before is not None and dict(before.fields) == fields):
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
                entries = self._not_deleted(self._log.newest(self._person, _READ))
            except LogUnavailable as problem:
                self._note_failure(problem)
            else:
                self._fresh = True
                return entries
        self._unread = True
        return []

    def _not_deleted(self, entries: list[LogEntry]) -> list[LogEntry]:
        """The entries without those that are being deleted; that goes on here.

        Raises:
            LogUnavailable: when DynamoDB gives no answer.
        """
        if self._log is None:
            return entries
        spared, unmarked = forgetting.go_on(self._log, self._person, self._request_hash, entries)
        if unmarked:
            self._unsaved[PROFILE] = unmarked
            self._can_wait.add(PROFILE)
        return spared
