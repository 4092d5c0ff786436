"""The conversation in the terminal: type what you would say to Alexa, read what she says, and see timers speak up.

The person, their timers and their log are kept in a folder between runs, so that coming back tomorrow can be tried.
"""

from __future__ import annotations

import contextlib
import json
import queue
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from simulator.alexa_cloud import AlexaCloud
from simulator.clock import RunningClock
from simulator.echo import SILENCE_SECONDS, Echo, language_model
from simulator.envelopes import new_id
from simulator.local_dynamodb import LocalDynamoDB
from simulator.talk_printer import Printer

TICK_SECONDS = 0.2
PERSON_FILE = "person.json"
LONGEST_LINE = 10_000
"""Signs of a line that are read; an endless one would fill the memory."""
LONGEST_SKIP_MINUTES = 366 * 24 * 60

HELP = """\
Type what you would say to Alexa: start cold therapy for fifteen minutes, start stretching, open hip coach ...
  :log            what DynamoDB holds for you
  :timers         the timers that Alexa has set
  :reminders      the reminders that Alexa keeps for Hip Coach
  :skip MINUTES   let time pass
  :fail SERVICE   let the next call fail: timers, reminders, or table (as unreachable, throttled, slow)
  :why            how the last words were understood
  :json           the last request and response
  :quit           leave (or Ctrl-D)"""


@dataclass(frozen=True)
class TalkOptions:
    """How to talk."""

    data: Path
    speed: float = 1.0
    locale: str = "en-US"
    screen: bool = False
    as_json: bool = False
    new_person: bool = False
    port: int = 0


class Talk:
    """One conversation in the terminal, from the greeting to the end of input."""

    def __init__(self, options: TalkOptions, engine: LocalDynamoDB, keyboard: TextIO, out: TextIO) -> None:
        self._options = options
        self._keyboard = keyboard
        self._interactive = keyboard.isatty() and not options.as_json
        self._printer = Printer(out, options.as_json, options.screen)
        self._clock = RunningClock(options.speed)
        person = read_person(options.data / PERSON_FILE)
        first_time = options.new_person or "user_id" not in person
        user_id = new_id("ask.account") if first_time else person["user_id"]
        cloud = AlexaCloud(self._clock, timers="not_asked" if options.new_person else "granted", locale=options.locale)
        if not first_time and isinstance(person.get("cloud"), dict):
            # A spoilt record costs the timers of last time, not the conversation.
            with contextlib.suppress(ValueError):
                cloud.restore(person["cloud"])
        make = Echo.returning if first_time and not options.new_person else Echo
        self.echo = make(
            screen=options.screen,
            locale=options.locale,
            clock=self._clock,
            user_id=user_id,
            dynamodb=engine,
            cloud=cloud,
        )
        # People don't type faster because the clock does.
        self.echo.silence_seconds = SILENCE_SECONDS * options.speed
        self._user_id = user_id
        self._logged = self._sessions()

    def run(self) -> None:
        """Talk until the input ends."""
        self._greet()
        lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        threading.Thread(target=_read_lines, args=(self._keyboard, lines), daemon=True).start()
        self._prompt()
        while True:
            try:
                words = lines.get(timeout=TICK_SECONDS / max(1.0, self._options.speed / 10))
            except queue.Empty:
                if self._tick():
                    self._prompt()
                continue
            if words is None or words.strip() in (":quit", ":q", ":exit"):
                break
            self._tick()
            if words.strip():
                self._hear(words.strip())
            self._prompt()
        self._leave()

    def save(self) -> None:
        """Keep who is speaking and their timers for the next run."""
        person = {"user_id": self._user_id, "cloud": self.echo.cloud.as_dict()}
        path = self._options.data / PERSON_FILE
        # Whatever happens meanwhile, there is a whole file: without its user id, nobody finds their log again.
        new = path.with_suffix(".new")
        new.write_text(json.dumps(person), encoding="utf-8")
        new.replace(path)

    def _greet(self) -> None:
        if self._options.as_json:
            self._printer.note("ready")
            return
        who = "somebody new" if self._options.new_person else "somebody who has used Hip Coach before"
        self._printer.line(f"Hip Coach on your desk. You are {who}. Type what you would say; :help for more.")
        if self._logged:
            self._printer.note("in your log: " + "; ".join(_session_words(entry) for entry in self._logged[-3:]))

    def _hear(self, words: str) -> None:
        if not self._interactive:
            self._printer.typed(words)
        if words.startswith(":"):
            self._command(*words[1:].split())
            return
        before = len(self.echo.turns)
        self.echo.say(words)
        new = self.echo.turns[before:]
        for turn in new:
            self._printer.turn(words if turn is new[0] else None, turn, self.echo.cloud)
        if self.echo.permission_question is not None:
            self._printer.alexa(self.echo.cloud.permission_question(self.echo.permission_question))
        self._tell_log()

    def _tell_log(self) -> None:
        """Say what is new in the log."""
        sessions = self._sessions()
        known = {entry["entry"]: _session_words(entry) for entry in self._logged}
        for entry in sessions:
            if known.get(entry["entry"]) != _session_words(entry):
                self._printer.note("logged: " + _session_words(entry), entry=entry)
        self._logged = sessions

    def _sessions(self) -> list[dict[str, Any]]:
        return [entry for entry in self.echo.log_entries() if entry["kind"] not in ("profile", "visit")]

    def _tick(self) -> bool:
        """Let time pass. True when something was printed."""
        now = self._clock()
        announcements = self.echo.cloud.ring_due(now)
        if announcements and self._interactive:
            self._printer.line("")
        for text in announcements:
            self._printer.announcement(text)
        if self._interactive and self.echo.listening and self.echo.fall_silent(now):
            self._printer.line("")
            self._printer.note("nobody spoke, so Alexa has closed the session")
            return True
        return bool(announcements)

    def _prompt(self) -> None:
        if self._interactive:
            print("You:   ", end="", flush=True)

    def _leave(self) -> None:
        if self._interactive:
            self._printer.line("")
        self.echo.end_session()
        live = [timer for timer in self.echo.timers if timer["status"] != "OFF"]
        if live:
            self._printer.note("a session is still running; it goes on until you come back")

    def _command(self, name: str = "help", *arguments: str) -> None:
        commands: dict[str, Callable[..., None]] = {
            "help": self._show_help,
            "log": self._show_log,
            "timers": self._show_timers,
            "reminders": self._show_reminders,
            "skip": self._skip,
            "fail": self._fail,
            "why": self._show_why,
            "json": self._show_json,
        }
        command = commands.get(name)
        if command is None:
            self._printer.note(f"there is no :{name}; try :help")
            return
        try:
            command(*arguments)
        except (TypeError, ValueError, OverflowError):
            self._printer.note(f"that is not how :{name} goes; try :help")

    def _show_help(self) -> None:
        for line in HELP.splitlines():
            self._printer.line(line) if not self._options.as_json else self._printer.note(line)

    def _show_log(self) -> None:
        for entry in self.echo.log_entries():
            self._printer.note(json.dumps(entry))

    def _show_timers(self) -> None:
        for timer in self.echo.timers:
            self._printer.note(json.dumps(timer))

    def _show_reminders(self) -> None:
        for reminder in self.echo.reminders:
            self._printer.note(json.dumps(reminder))

    def _skip(self, minutes: str) -> None:
        length = float(minutes)
        if not 0 < length <= LONGEST_SKIP_MINUTES:
            raise ValueError("nobody skips that far")
        self._clock.skip(length * 60)
        self._tick()
        self.echo.fall_silent(self._clock())

    def _fail(self, service: str, how: str = "") -> None:
        if service == "table":
            self.echo.table.fail(how or "unreachable")  # type: ignore[arg-type]
        else:
            self.echo.cloud.fail(service, status=int(how or 503))  # type: ignore[arg-type]
        self._printer.note(f"the next call to {service} will fail")

    def _show_why(self) -> None:
        understood = next((turn.understood for turn in reversed(self.echo.turns) if turn.understood), None)
        if understood is None:
            self._printer.note("nothing was said yet")
            return
        slots = {name: slot.value for name, slot in understood.slots.items()}
        self._printer.note(
            f"{understood.intent} {slots}, score {understood.score:.2f}, {understood.reason}, "
            f"sample {understood.sample!r}, second {understood.runner_up}"
        )

    def _show_json(self) -> None:
        if self.echo.turns:
            turn = self.echo.turns[-1]
            self._printer.line(json.dumps({"request": turn.request, "response": turn.response}, indent=2))


def talk(options: TalkOptions, keyboard: TextIO, out: TextIO) -> None:
    """Hold a conversation. The engine is stopped and everything saved, however it ends.

    Raises:
        EngineError: when DynamoDB can't be started or the folder can't be used.
        ModelError: when the interaction model is broken.
    """
    engine = LocalDynamoDB(options.data / "dynamodb", options.port)
    engine.start()
    try:
        language_model(options.locale)  # Takes a moment, in which the engine starts.
        engine.wait_ready()
        conversation = Talk(options, engine, keyboard, out)
        try:
            conversation.run()
        finally:
            conversation.save()
    finally:
        engine.stop()


def read_person(path: Path) -> Mapping[str, Any]:
    """Who spoke last time; nobody when there was no last time, or when the file is spoilt."""
    try:
        person = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return person if isinstance(person, dict) and isinstance(person.get("user_id", ""), str) else {}


def _read_lines(keyboard: TextIO, lines: queue.SimpleQueue[str | None]) -> None:
    try:
        for line in _lines_of(keyboard):
            lines.put(line)
    finally:
        lines.put(None)


def _lines_of(keyboard: TextIO) -> Iterator[str]:
    if keyboard is sys.stdin and keyboard.isatty():
        # Makes the arrow keys work at the prompt, where the platform has it.
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401
        while True:
            try:
                yield input()
            except EOFError:
                return
    while line := keyboard.readline(LONGEST_LINE):
        yield line
        while line and not line.endswith("\n"):
            line = keyboard.readline(LONGEST_LINE)  # The rest of a line that nobody could say in one breath.


def _session_words(entry: Mapping[str, Any]) -> str:
    """A log entry in a few words, in the time of this machine."""
    started = entry.get("started_at")
    when = datetime.fromisoformat(started).astimezone().strftime("%a %d %b %H:%M") if isinstance(started, str) else "?"
    if entry["kind"] == "stretch":
        done = entry.get("steps_done", 0)
        return f"stretching, {entry.get('routine', '')}, {done} done, {entry.get('outcome', '')}, {when}"
    minutes = round(entry.get("planned_seconds", 0) / 60)
    return f"{entry.get('modality', entry['kind'])}, {minutes} minutes, {entry.get('outcome', '')}, {when}"
