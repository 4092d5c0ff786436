"""How the conversation in the terminal is printed: for people, or for machines."""

from __future__ import annotations

import json
from typing import Any, TextIO

from simulator.alexa_cloud import AlexaCloud
from simulator.echo import Turn
from simulator.reminders_world import OPENING


class Printer:
    """Prints the conversation, for people or as one JSON object a line for machines."""

    def __init__(self, out: TextIO, as_json: bool, screen: bool) -> None:
        self._out = out
        self._as_json = as_json
        self._screen = screen

    def turn(self, words: str | None, turn: Turn, cloud: AlexaCloud) -> None:
        """One turn of the skill."""
        if self._as_json:
            self._json(
                "turn",
                you=words,
                alexa=turn.speech,
                outcome=turn.outcome,
                details=dict(turn.details),
                listening=turn.listening,
                errors=list(turn.errors),
                request=turn.request,
                response=turn.response,
            )
            return
        if turn.errors:
            self.line("Alexa: There was a problem with the requested skill's response.")
            for error in turn.errors:
                self.line(f"       (Alexa refused it: {error})")
        elif turn.speech:
            self.line(f"Alexa: {turn.with_pauses}")
        if turn.response.get("response", {}).get("card"):
            self.line("       (a card went to the Alexa app)")
        if self._screen:
            for timer in cloud.timers:
                self.line(f"       [screen] {timer.get('timerLabel', 'timer')}: {timer['status'].lower()}")

    def announcement(self, text: str) -> None:
        """What a timer or a reminder says."""
        if self._as_json:
            self._json("announcement", alexa=text)
        else:
            self.line(f"Alexa: {text}" if text.startswith(OPENING) else f"Alexa: From Hip Coach: {text}")

    def alexa(self, text: str) -> None:
        """What Alexa says herself."""
        if self._as_json:
            self._json("alexa", alexa=text)
        else:
            self.line(f"Alexa: {text}")

    def note(self, text: str, **values: Any) -> None:
        """A remark of the simulator."""
        if self._as_json:
            self._json("note", text=text, **values)
        else:
            self.line(f"       ({text})")

    def typed(self, words: str) -> None:
        """What was piped in, so that the conversation can be read afterwards."""
        if not self._as_json:
            self.line(f"You:   {words}")

    def line(self, text: str) -> None:
        """A plain line."""
        print(text, file=self._out, flush=True)

    def _json(self, kind: str, **values: Any) -> None:
        self.line(json.dumps({"type": kind, **values}, ensure_ascii=False))
