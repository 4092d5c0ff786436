"""What becomes of each kind of conversation when DynamoDB fails in each way: the cells, and a table of them.

`python -m tests.skill.log_faults.table` prints the table; `test_log_faults.py` holds every cell.

A conversation is held once without a fault, and then once for each fault and place. Everything but the struck turn has
to go the same way, and in the end the log has to hold the very same entries, each of them once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from simulator.echo import TABLE, Echo, Turn
from simulator.local_dynamodb import shared_engine
from skill.content import words
from skill.handlers.conversation_state import ConversationState
from skill.session_log import LogEntry, SessionLog
from tests.skill.engines import patient_client
from tests.skill.log_faults.conversations import CONVERSATIONS, PLACES, Conversation, Place, Step
from tests.skill.log_faults.struck import STRIKES, Strike, Struck

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ROUND_TRIPS: Final = 2
_SILENT_LAST: Final = ("a question", "delete my data", "reminder set", "launch")
"""Conversations whose middle turn needs no log; the others are met by silence there."""
_VISIT: Final = '{"kind": "visit"}'


class Held:
    """One conversation, held with or without a fault.

    Attributes:
        problems: what went wrong, in a few words each.
        entries: what the log holds in the end, without what differs from one run to the next.
        met: how many requests the fault met.
    """

    def __init__(self, conversation: Conversation, strike: Strike | None = None, place: Place = "first") -> None:
        self.problems: list[str] = []
        self.met = 0
        options = dict(conversation.options)
        self._echo = Echo(**options) if conversation.new else Echo.returning(**options)
        self._owed: set[str] = set()
        self._visit_given_up = False
        self._faults = Struck(_engine(), self._person())
        self._echo.table = self._faults
        for step in conversation.before:
            self._calm(step)
        for number, step in enumerate(conversation.steps):
            if strike is not None and number == conversation.at(place):
                self._struck(step, strike)
            else:
                self._calm(step)
        self._echo.end_session("EXCEEDED_MAX_REPROMPTS")
        spoilt = () if any(step.deletes for step in conversation.steps) else ("#bad",)
        entries = [entry for entry in self._echo.log_entries() if not entry["entry"].endswith(spoilt)]
        self.entries = sorted(map(_lasting, entries))
        self.reminders = len(self._echo.reminders)

    @property
    def visit_given_up(self) -> bool:
        """Whether the fault met a turn that ended the talk: for the note of a visit alone it is not kept open."""
        return self._visit_given_up

    def _person(self) -> str:
        settings = self._echo.settings
        user = self._echo.envelope({"type": "LaunchRequest"})["context"]["System"]["user"]["userId"]
        return SessionLog(TABLE, settings.log_secret.encode(), _no_client, self._echo.clock).person(user)

    def _say(self, step: Step, words_said: str = "") -> Turn:
        turn = self._echo.say(words_said or step.you)
        self._check(turn, step)
        if self._faults.strike is None:
            late = self._owed & {entry.entry for entry in _unsaved(turn)}
            self._owed = set()
            if late:
                self._note(step, "what was owed is still unsaved")
        return turn

    def _calm(self, step: Step) -> None:
        """A turn while all is well."""
        self._echo.clock.advance(minutes=step.minutes)
        turn = self._through_safety(step, self._say(step))
        self._expect(step, turn, (step.outcome,))

    def _struck(self, step: Step, strike: Strike) -> None:
        """A turn while the log fails, and what it takes to get what was wanted once it is back."""
        self._echo.clock.advance(minutes=step.minutes)
        if strike == "bad_item":
            self._faults.spoil()
        with self._faults.during(strike):
            turn = self._say(step)
        self.met = self._faults.met
        failed = self.met > 0 and strike != "other_device"
        # What can wait, and met another device's change, waits until a turn has a round trip left for it.
        self._owed = {entry.entry for entry in _unsaved(turn)} if failed else set()
        self._expect(step, turn, (step.outcome, *step.struck) if failed else (step.outcome,))
        if failed and turn.record["log_error"] is None:
            self._note(step, "the operator isn't told")
        if failed:
            self._check_told(step, turn)
            self._visit_given_up = self._echo.session is None and not self._owed
        if turn.outcome == "unavailable":
            if turn.details.get("service") != "log":
                self._note(step, f"unavailable: {turn.details}")
            turn = self._say(step, step.again)
        turn = self._through_safety(step, turn)
        if turn.outcome != step.outcome:
            self._note(step, f"afterwards {turn.outcome}, not {step.outcome}")

    def _through_safety(self, step: Step, turn: Turn) -> Turn:
        """While the log can't be read, a known person is asked the safety question once more."""
        return self._say(step, "yes") if turn.outcome == "safety_asked" != step.outcome else turn

    def _check(self, turn: Turn, step: Step) -> None:
        record = turn.record
        if turn.errors:
            self._note(step, f"Alexa refuses: {turn.errors[0]}")
        if not turn.speech:
            self._note(step, "no words")
        if record["db_calls"] > ROUND_TRIPS and not step.deletes:
            self._note(step, f"{record['db_calls']} round trips")

    def _check_told(self, step: Step, turn: Turn) -> None:
        """What couldn't be saved is said, and the talk stays open for it; and only then."""
        told = words("conversation.not_saved") in turn.speech
        if told and not (turn.listening or self._echo.permission_question):
            self._note(step, "told, but the talk ends")
        if _unsaved(turn) and not told and turn.outcome != "unavailable":
            self._note(step, f"{', '.join(entry.kind for entry in _unsaved(turn))} unsaved and not told")

    def _expect(self, step: Step, turn: Turn, outcomes: Sequence[str]) -> None:
        if turn.outcome not in outcomes:
            self._note(step, f"{turn.outcome}, not {step.outcome}")

    def _note(self, step: Step, problem: str) -> None:
        self.problems.append(f'"{step.you}": {problem}')


def _no_client() -> DynamoDBClient:
    raise AssertionError("no client is needed for a person's key")


@cache
def _engine() -> DynamoDBClient:
    return patient_client(shared_engine().endpoint)


def _unsaved(turn: Turn) -> Sequence[LogEntry]:
    """The entries that the conversation still carries to be saved."""
    return ConversationState.from_attributes(turn.response.get("sessionAttributes")).unsaved


def _lasting(entry: Mapping[str, Any]) -> str:
    """An entry of the log as text, without its key, its revision and the ids of timers, which differ by chance."""
    chance = ("entry", "revision", "timer_id", "check_timer_id")
    kept = {name: value for name, value in entry.items() if name not in chance}
    return json.dumps(kept, sort_keys=True)


@cache
def _without_fault(name: str) -> Held:
    held = Held(CONVERSATIONS[name])
    if held.problems:
        raise AssertionError(f"{name} goes wrong without any fault: {held.problems}")
    return held


def is_worth_trying(name: str, strike: Strike, place: Place) -> bool:
    """Whether there is such a cell: real silence costs real seconds, and so strikes each conversation once."""
    return strike != "silent" or place == ("last" if name in _SILENT_LAST else "middle")


def problems_of(name: str, strike: Strike, place: Place) -> list[str]:
    """What goes wrong in this conversation when the log fails so at that place; nothing is best."""
    well = _without_fault(name)
    held = Held(CONVERSATIONS[name], strike, place)
    problems = list(held.problems)
    for text, log, other in (("lost", well.entries, held.entries), ("too much", held.entries, well.entries)):
        missing = list(log)
        for entry in other:
            if entry in missing:
                missing.remove(entry)
        if text == "lost" and held.visit_given_up and _VISIT in missing:
            missing.remove(_VISIT)
        problems += [f"{text} in the log: {entry}" for entry in missing]
    if held.reminders != well.reminders:
        problems.append(f"{held.reminders} reminders, not {well.reminders}")
    return problems


def main(say: Callable[[str], object] = print) -> int:
    """Print the table: a row for each conversation, a column for each fault. The exit code says whether all is ok."""
    widths = [max(len(name) for name in CONVERSATIONS), *(max(len(strike), 3) for strike in STRIKES)]
    say("  ".join(text.ljust(width) for text, width in zip(("", *STRIKES), widths, strict=True)).rstrip())
    wrong: list[str] = []
    for name in CONVERSATIONS:
        cells = []
        for strike in STRIKES:
            places = [place for place in PLACES if is_worth_trying(name, strike, place)]
            found = {place: problems_of(name, strike, place) for place in places}
            bad = [place for place in places if found[place]]
            cells.append("/".join(place[0] for place in bad) + "!" if bad else "ok")
            wrong += [f"{name}, {strike}, {place}: {problem}" for place in bad for problem in found[place]]
        say("  ".join(text.ljust(width) for text, width in zip((name, *cells), widths, strict=True)).rstrip())
    for line in wrong:
        say(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
