"""Holds the talks in `tests/conversations/*.yaml` against the skill, word for word.

The format is described in `tests/conversations/transcript.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from simulator import Echo
from simulator.alexa_cloud import AlexaCloud
from simulator.clock import START, StandingClock
from simulator.echo import Turn
from simulator.envelopes import Session, new_id
from skill.content import page
from skill.handlers.conversation_state import ConversationState
from skill.handlers.turn import OUTCOMES
from tests.conversations.transcript import Step, Transcript, TranscriptError, read_file, transcripts

NEVER_HEARD: Mapping[str, str] = {
    "conversation.unavailable": "only when the skill itself breaks, which no transcript can bring about",
    "history.nothing_among_latest": "takes more than five hundred sessions: tests/skill/history/test_asked.py",
    "history.last_stretched": "takes a stretch in the log: tests/skill/history/test_asked.py",
    "history.one.stretch": "takes a stretch in the log: tests/skill/history/test_asked.py",
    "history.session.stretch": "takes a stretch that is going on: tests/skill/history/test_asked.py",
    "privacy.in_parts": "takes thousands of entries: tests/skill/privacy/test_deletion.py",
    "reminders.list.something": "only for a reminder that another version of the skill has set",
    "reminders.list.later": "only for a reminder that another version of the skill has set",
}
"""Content that no transcript hears, with the reason."""


class RawEcho(Echo):
    """An Echo that also sends what no understanding would make of spoken words."""

    def send_request(self, request: Mapping[str, Any]) -> Turn:
        """Send a request in the open session, or in a new one, and go on with what comes back."""
        self.permission_question = None
        return self._exchange(request)

    @property
    def private_words(self) -> tuple[str, ...]:
        """What must never be in a turn record."""
        return self._device.user_id, self._device.device_id, self.cloud.token


class Talk:
    """A transcript on its way: the devices, and how far we have listened."""

    def __init__(self, transcript: Transcript) -> None:
        options = dict(transcript.echo)
        names = options.pop("devices", [""])
        returning = options.pop("person") == "returning"
        clock = StandingClock(datetime.fromisoformat(options.pop("starts_at", START.isoformat())))
        about_the_cloud = {name: options.pop(name) for name in ("time_zone", "timer_limit") if name in options}
        consent = options.pop("timers", "granted" if returning else "not_asked")
        reminders = options.pop("reminders", "not_asked")
        cloud = AlexaCloud(
            clock, timers=consent, reminders=reminders, locale=options.get("locale", "en-US"), **about_the_cloud
        )
        options |= {"clock": clock, "cloud": cloud, "user_id": new_id("ask.account")}
        make = RawEcho.returning if returning else RawEcho
        self.echos: dict[str, RawEcho] = {}
        for name in names:
            echo = make(**options)
            assert isinstance(echo, RawEcho)
            self.echos[name] = echo
            make = RawEcho
        self.first = next(iter(self.echos.values()))
        self.announced = 0

    def go(self, step: Step) -> None:
        """Do one step, and check what must come of it and what must hold always."""
        echo = self.echos[step.device] if step.device else self.first
        before = {name: len(other.turns) for name, other in self.echos.items()}
        getattr(self, f"_{step.does}")(echo, step)
        for name, other in self.echos.items():
            for turn in other.turns[before[name] :]:
                _check_always(step, other, turn)
        announced = self.first.announcements[self.announced :]
        self.announced += len(announced)
        assert announced == step.expected.get("announced", []), f"{step.place}: announced"

    def _you(self, echo: RawEcho, step: Step) -> None:
        _check_turn(step, echo.say(step.what))
        if len(step.what.split()) > 2:
            noted = json.dumps(echo.turns[-1].record).lower()
            assert step.what.lower() not in noted, f"{step.place}: the record holds what was said"

    def _intent(self, echo: RawEcho, step: Step) -> None:
        slots = {name: _slot(name, value) for name, value in step.what.get("slots", {}).items()}
        intent = {"name": step.what["name"], "confirmationStatus": "NONE", "slots": slots}
        _check_turn(step, echo.send_request({"type": "IntentRequest", "intent": intent}))

    def _permission(self, echo: RawEcho, step: Step) -> None:
        question = echo.permission_question
        assert question is not None, f"{step.place}: Alexa hasn't asked for a permission"
        if isinstance(step.what, str):
            echo.cloud.answer_permission(step.what)  # type: ignore[arg-type]
            _check_turn(step, echo.turns[-1])
            return
        answer = {"type": "Connections.Response", "name": "AskFor", "token": question["token"], **step.what}
        _check_turn(step, echo.send_request(answer))

    def _sent_again(self, echo: RawEcho, step: Step) -> None:
        last = echo.turns[-1]
        again = echo.send(last.request)
        assert again.response == last.response, f"{step.place}: the answer differs"
        _check_turn(step, again)

    def _wait(self, echo: RawEcho, step: Step) -> None:
        echo.clock.advance(**step.what)

    def _fail(self, echo: RawEcho, step: Step) -> None:
        what = dict(step.what)
        if "table" in what:
            echo.table.fail(what.pop("table"), **what)
            return
        service = next(name for name in what if name in ("timers", "reminders", "settings", "directives"))
        status = what.pop(service)
        echo.cloud.fail(service, **({"status": status} if isinstance(status, int) else {"how": status}), **what)

    def _elsewhere(self, echo: RawEcho, step: Step) -> None:
        for doing, label in step.what.items():
            what = doing if doing.endswith("_reminder") else f"{doing}_timer"
            getattr(echo.cloud, f"{what}_elsewhere")(label)

    def _session_ends(self, echo: RawEcho, step: Step) -> None:
        echo.end_session(step.what)

    def _forged(self, echo: RawEcho, step: Step) -> None:
        echo.session = Session(attributes=step.what, new=False)

    def _timers(self, echo: RawEcho, step: Step) -> None:
        found = {timer["timerLabel"]: timer["status"] for timer in echo.timers}
        assert len(found) == len(echo.timers), f"{step.place}: two timers have the same label"
        assert found == step.what, f"{step.place}: timers"

    def _reminders(self, echo: RawEcho, step: Step) -> None:
        found = [_reminder(each) for each in echo.reminders]
        shown = [{name: each.get(name) for name in wanted} for each, wanted in zip(found, step.what, strict=False)]
        assert shown == step.what, f"{step.place}: reminders"
        assert len(found) == len(step.what), f"{step.place}: there are {len(found)} reminders"

    def _log(self, echo: RawEcho, step: Step) -> None:
        entries = echo.log_entries()
        unnamed = {"profile", "visit"} - {wanted.get("kind") for wanted in step.what}
        entries = [entry for entry in entries if entry["kind"] not in unnamed]
        found = [{name: entry.get(name) for name in wanted} for entry, wanted in zip(entries, step.what, strict=False)]
        assert found == step.what, f"{step.place}: log"
        assert len(entries) == len(step.what), f"{step.place}: the log has {len(entries)} entries"


def _reminder(alert: Mapping[str, Any]) -> dict[str, Any]:
    """A reminder in a few words: what it says, when first, how often."""
    trigger = alert["trigger"]
    return {
        "text": alert["alertInfo"]["spokenInfo"]["content"][0]["text"],
        "locale": alert["alertInfo"]["spokenInfo"]["content"][0]["locale"],
        "time": trigger.get("scheduledTime"),
        "zone": trigger.get("timeZoneId"),
        "seconds": trigger.get("offsetInSeconds"),
        "rules": trigger.get("recurrence", {}).get("recurrenceRules"),
        "status": alert["status"],
    }


def _slot(name: str, value: object) -> dict[str, Any]:
    """A slot as Alexa sends it. A text is what was heard; a mapping may add `ids`, as entity resolution found them,
    or a `status` of its own; a mapping under `raw` is sent as it is."""
    slot: dict[str, Any] = {"name": name, "confirmationStatus": "NONE"}
    if not isinstance(value, dict):
        return slot if value is None else slot | {"value": value}
    if "raw" in value:
        return dict(value["raw"])
    ids = value.get("ids", [])
    authority: dict[str, Any] = {
        "authority": "amzn1.er-authority",
        "status": {"code": value.get("status", "ER_SUCCESS_MATCH" if ids else "ER_SUCCESS_NO_MATCH")},
    }
    if ids:
        authority["values"] = [{"value": {"name": each, "id": each}} for each in ids]
    return slot | {"value": value["heard"], "resolutions": {"resolutionsPerAuthority": [authority]}}


def _check_turn(step: Step, turn: Turn) -> None:
    """Hold a turn against what the transcript expects of it."""
    details = step.expected.get("details", {})
    reprompt = (turn.response.get("response", {}).get("reprompt") or {}).get("outputSpeech", {}).get("ssml", "")
    found = {
        "alexa": turn.speech,
        "says": _part(turn.speech, step.expected.get("says", "")),
        "reprompt": re.sub("<[^>]*>", "", reprompt),
        "outcome": turn.outcome,
        "details": {name: turn.details.get(name) for name in details},
        "listening": turn.listening,
        "card": "card" in turn.response.get("response", {}),
    }
    expected = {name: _one_line(value) if isinstance(value, str) else value for name, value in step.expected.items()}
    if "alexa" in expected and turn.speech:
        # Who is asked a question is listened to, and nobody else: where it is otherwise, the transcript says so.
        expected.setdefault("listening", turn.speech.endswith("?"))
    assert {name: found[name] for name in expected} == expected, step.place


def _part(speech: str, wanted: str) -> str:
    """The wanted part, when it is there; else all of it, to be shown beside what was wanted."""
    return _one_line(wanted) if _one_line(wanted) in speech else speech


def _check_always(step: Step, echo: RawEcho, turn: Turn) -> None:
    """What must hold of every turn, whatever it is about."""
    place = step.place
    assert turn.errors == (), f"{place}: Alexa would refuse the response"
    assert turn.outcome in OUTCOMES, f"{place}: {turn.outcome} is not an outcome of the closed list"
    assert turn.record["db_calls"] <= 2, f"{place}: more than two round trips to DynamoDB"
    noted = json.dumps(turn.record)
    for private in echo.private_words:
        assert private not in noted, f"{place}: the record holds something private"
    assert not re.search(r"[{}<>]|  | [.,?!]|[.?!]{2}", turn.speech), f"{place}: odd signs in {turn.speech!r}"
    attributes = turn.response.get("sessionAttributes")
    if attributes:
        again = json.loads(json.dumps(attributes))
        assert again == attributes, f"{place}: the session attributes are not plain JSON"
        state = ConversationState.from_attributes(again)
        assert state.to_attributes() == attributes, f"{place}: the session attributes don't survive their way"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _parameters() -> list[Any]:
    parameters = []
    for transcript in transcripts():
        marks: tuple[pytest.MarkDecorator, ...] = ()
        if transcript.known_fault:
            marks = (pytest.mark.xfail(reason=transcript.known_fault, raises=AssertionError, strict=True),)
        parameters.append(pytest.param(transcript, id=transcript.title, marks=marks))
    return parameters


@pytest.mark.parametrize("transcript", _parameters())
def test_talk_goes_as_written(transcript: Transcript) -> None:
    talk = Talk(transcript)
    for step in transcript.steps:
        talk.go(step)


@cache
def _content() -> Mapping[str, str]:
    """Every text of the content, by its place: "therapy.ask.modality"."""
    found: dict[str, str] = {}

    def gather(place: str, value: object) -> None:
        if isinstance(value, dict):
            for name, part in value.items():
                gather(f"{place}.{name}", part)
        elif isinstance(value, str):
            found[place] = value

    for name in ("conversation", "therapy", "cautions", "history", "privacy"):
        gather(name, page(name))
    gather("stretching.conversation", page("stretching")["conversation"])
    gather("reminders", page("reminders"))
    return found


def _pattern(text: str) -> re.Pattern[str]:
    """What a content text sounds like, whatever is filled in."""
    parts = re.split(r"\{(\w+)\}", text)
    fitted = [
        re.escape(part) if place % 2 == 0 else ".+" if part in ("question", "first", "second") else "[^.?!]*"
        for place, part in enumerate(parts)
    ]
    return re.compile(rf"(?<!\w){''.join(fitted)}(?!\w)", re.IGNORECASE)


def test_every_text_of_the_content_is_heard_in_a_transcript() -> None:
    heard = {
        _one_line(words)
        for transcript in transcripts()
        if not transcript.known_fault
        for words in transcript.words_expected()
    }
    missing = sorted(
        place for place, text in _content().items() if not any(_pattern(text).search(words) for words in heard)
    )
    assert [place for place in missing if place not in NEVER_HEARD] == [], "add these to a transcript"
    assert [place for place in NEVER_HEARD if place not in missing] == [], "heard by now: take the exceptions away"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: alone", "how.yaml: must hold a list"),
        ("- [", "how.yaml: not YAML"),
        ("- {title: A, title: B, echo: new, talk: [{you: heat}]}", "title stands twice"),
        ("- talk: [{you: heat}]", "transcript 1: needs a title"),
        ("- {title: A, echo: new, talk: []}", "how.yaml, 'A': needs a talk"),
        ("- {title: A, echo: old, talk: [{you: heat}]}", "how.yaml, 'A': echo must be"),
        ("- {title: A, echo: {person: new, timer: granted}, talk: [{you: heat}]}", "'A', echo: timer is not known"),
        ("- {title: A, echo: new, talk: [{you: heat}, {sigh: deeply}]}", "'A', step 2: must do exactly one of"),
        ("- {title: A, echo: new, talk: [{you: heat, wait: {minutes: 1}}]}", "step 1: must do exactly one of"),
        ("- {title: A, echo: new, talk: [{you: heat, alexis: Hello.}]}", "step 1: alexis is not known here"),
        ("- {title: A, echo: new, talk: [{wait: 5}]}", "step 1: wait can't be 5"),
        ("- {title: A, echo: new, talk: [{you: heat, on: bedroom}]}", "step 1: there is no device 'bedroom'"),
        ("- {title: A, echo: new, talk: [{you: heat}], known_fault: true}", "known_fault says why"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "how.yaml"
    file.write_text(text)
    with pytest.raises(TranscriptError) as caught:
        read_file(file)
    assert message in str(caught.value)


def test_a_title_stands_only_once(tmp_path: Path) -> None:
    for name in ("one.yaml", "two.yaml"):
        (tmp_path / name).write_text("- {title: A, echo: new, talk: [{you: heat}]}")
    with pytest.raises(TranscriptError, match=re.escape("one.yaml and two.yaml: there are two transcripts")):
        transcripts(tmp_path)


def test_words_that_yaml_would_take_for_yes_and_no_stay_words(tmp_path: Path) -> None:
    file = tmp_path / "how.yaml"
    file.write_text("- {title: A, echo: new, talk: [{you: yes, listening: false}, {you: no}]}")
    steps = read_file(file)[0].steps
    assert [step.what for step in steps] == ["yes", "no"]
    assert steps[0].expected["listening"] is False
