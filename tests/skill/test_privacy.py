"""What is kept, what is deleted and when, and that no log line tells of anybody."""

from __future__ import annotations

import itertools
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from simulator import Echo
from simulator.alexa_cloud import AlexaCloud
from simulator.clock import StandingClock
from simulator.echo import Turn
from simulator.envelopes import new_id
from skill.app import create_skill
from skill.content import words
from skill.handlers import forgetting
from skill.handlers.conversation_state import ConversationState
from skill.session_log import PROFILE, SESSION_KEY, LogEntry, key_of
from skill.turn_record import TurnRecord, print_record

NO_SECONDS = 0.0
"""Seconds for a deletion that is cut off after its first batch."""


def kinds(echo: Echo) -> list[str]:
    return [entry["kind"] for entry in echo.log_entries()]


def with_history(sessions: int) -> Echo:
    """Somebody with so many sessions in the log."""
    echo = Echo.returning()
    log = echo._log()
    entries = [
        LogEntry(key_of(SESSION_KEY, echo.clock() - timedelta(hours=number), "ab12"), "stretch", 1, "first", {})
        for number in range(1, sessions + 1)
    ]
    for entry in entries:
        log.save(log.person(echo._device.user_id), [entry])
    return echo


def disabled(echo: Echo, **changes: Any) -> dict[str, Any]:
    """The event that Alexa sends when somebody disables the skill: no session, no device, and a body of its own."""
    event = echo.envelope({"type": "AlexaSkillEvent.SkillDisabled"})
    del event["session"], event["context"]["System"]["device"], event["context"]["System"]["apiAccessToken"]
    event["request"]["body"] = {"userInformationPersistenceStatus": "NOT_PERSISTED"}
    event["request"] |= changes
    return event


# ---- Visits


def test_a_visit_is_when_and_nothing_else() -> None:
    echo = Echo.returning()
    echo.launch()
    assert kinds(echo) == ["profile"]
    echo.end_session()
    visit = echo.log_entries()[-1]
    assert visit == {"entry": visit["entry"], "kind": "visit", "revision": 1}
    assert visit["entry"].startswith("visit#2026-03-02T09:00:00.000Z#")


def test_a_conversation_is_one_visit_however_much_is_said() -> None:
    echo = Echo.returning()
    for said in ("open hip coach", "start cold for fifteen minutes", "open hip coach", "pause it", "resume", "stop"):
        echo.say(said)
    echo.end_session()
    assert kinds(echo).count("visit") == 4  # opened twice, and "resume" and "stop" came after an end of their own


def test_a_visit_that_can_not_be_noted_holds_nobody_up() -> None:
    echo = Echo.returning()
    echo.launch()
    echo.table.fail("unreachable")
    turn = echo.say("goodbye")
    assert (turn.speech, turn.listening) == (words("conversation.goodbye"), False)
    assert kinds(echo) == ["profile"]


# ---- Deleting a lot


def test_a_deletion_that_takes_too_long_goes_on_at_the_next_visits(monkeypatch: pytest.MonkeyPatch) -> None:
    echo = with_history(80)
    monkeypatch.setattr(forgetting, "_DELETING_SECONDS", NO_SECONDS)
    monkeypatch.setattr(forgetting, "_DELETING_ON_SECONDS", NO_SECONDS)
    echo.say("delete my data")
    turn = echo.say("yes")
    assert turn.speech == words("privacy.in_parts")
    assert turn.details == {"entries": 25, "complete": False}
    # What is left is not used any more: it is as with a new person.
    left = []
    for _ in range(4):
        assert echo.launch().details == {"new": True}
        left.append(kinds(echo).count("stretch"))
        echo.end_session()
    assert left == [31, 6, 0, 0]
    assert set(kinds(echo)) == {"visit"}


def test_what_begins_meanwhile_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    echo = with_history(40)
    echo.cloud.consent = "granted"
    monkeypatch.setattr(forgetting, "_DELETING_SECONDS", NO_SECONDS)
    monkeypatch.setattr(forgetting, "_DELETING_ON_SECONDS", NO_SECONDS)
    echo.say("delete my data")
    echo.say("yes")
    echo.clock.advance(seconds=2)
    echo.say("start cold for fifteen minutes")
    assert echo.say("yes").outcome == "therapy_started"
    echo.end_session()
    echo.launch()
    echo.end_session()
    entries = {entry["kind"]: entry for entry in echo.log_entries()}
    assert "stretch" not in entries
    assert entries["therapy"]["modality"] == "cold"
    assert entries["profile"]["safety_answered"] is True
    assert "deleting_before" not in entries["profile"]


def test_a_deletion_that_fails_half_way_is_told_and_can_be_asked_for_again() -> None:
    echo = with_history(30)
    echo.say("delete my data")
    requests = itertools.count()

    def fail_at_the_third(**_request: object) -> None:
        if next(requests) == 1:
            echo.table.fail("throttled")

    events = echo._client.meta.events
    events.register_first("before-send.dynamodb.*", fail_at_the_third, unique_id="fail-at-the-third")
    try:
        turn = echo.say("yes")
    finally:
        events.unregister("before-send.dynamodb.*", unique_id="fail-at-the-third")
    assert (turn.outcome, turn.details, turn.listening) == ("unavailable", {"service": "log"}, True)
    assert turn.speech == words("privacy.failed")
    assert echo.say("yes").outcome == "data_deleted"
    assert kinds(echo) == []


# ---- Nothing is written back


def test_after_a_deletion_the_conversation_remembers_nothing() -> None:
    echo = Echo.returning()
    echo.say("start cold for fifteen minutes")
    echo.launch()
    echo.say("delete my data")
    turn = echo.say("yes")
    state = ConversationState.from_attributes(turn.response["sessionAttributes"])
    assert (state.known, state.unsaved, state.visit) == ((), (), "")


def test_another_conversation_brings_nothing_back() -> None:
    kitchen = Echo.returning()
    bedroom = Echo(user_id=kitchen._device.user_id, clock=kitchen.clock, cloud=kitchen.cloud)
    kitchen.say("start cold for fifteen minutes")
    kitchen.launch()
    bedroom.say("delete my data")
    assert bedroom.say("yes").outcome == "data_deleted"
    for said in ("pause it", "stop"):
        kitchen.say(said)
    kitchen.end_session()
    assert [kind for kind in kinds(kitchen) if kind != "visit"] == []


# ---- The skill is disabled


def test_when_the_skill_is_disabled_everything_is_deleted_also_twice() -> None:
    echo, other = Echo.returning(), Echo.returning()
    echo.say("start cold for fifteen minutes")
    event = disabled(echo)
    first = echo.send(event)
    assert (first.outcome, first.details) == ("data_deleted", {"entries": 3, "complete": True})
    assert "outputSpeech" not in first.response["response"]
    assert "sessionAttributes" not in first.response
    assert kinds(echo) == []
    # Sent again with the same id, and as another event
    assert echo.send(event).outcome == "repeated"
    again = echo.send(disabled(echo))
    assert (again.outcome, again.details) == ("data_deleted", {"entries": 0, "complete": True})
    assert kinds(other) == ["profile"]


def test_an_event_while_the_log_is_away_is_noted() -> None:
    echo = Echo.returning()
    echo.table.fail("unreachable")
    turn = echo.send(disabled(echo))
    assert (turn.outcome, turn.details) == ("unavailable", {"service": "log"})
    assert kinds(echo) == ["profile"]


def test_an_event_without_a_user_deletes_nothing() -> None:
    echo = Echo.returning()
    event = disabled(echo)
    del event["context"]["System"]["user"]
    assert echo.send(event).details == {"entries": 0, "complete": True}
    assert kinds(echo) == ["profile"]


# ---- Round trips


CONVERSATION = (
    "open hip coach",
    "what did i do this week",
    "start cold for fifteen minutes",
    "open hip coach",
    "how much time is left",
    "pause it",
    "open hip coach",
    "resume",
    "open hip coach",
    "add two minutes",
    "how long have i kept it up",
    "what does as pain feel like",
    "tell me more",
    "when did i last use cold",
    "help",
    "what do you store",
    "heat for ten minutes",
    "no",
    "open hip coach",
    "stop the timer",
    "open hip coach",
    "how many times did i use cold today",
    "log my pain as seven",
    "goodbye",
)


def walk(echo: Echo) -> Iterator[Turn]:
    """A long conversation, with time in between."""
    for said in CONVERSATION:
        echo.clock.advance(seconds=10)
        yield echo.say(said)
    echo.launch()
    echo.end_session()
    yield from echo.turns[-2:]


def test_a_usual_turn_is_one_round_trip_and_none_is_more_than_two() -> None:
    trips = [turn.record["db_calls"] for turn in walk(Echo.returning())]
    assert max(trips) <= 2
    assert sum(trips) / len(trips) <= 1
    assert sorted(trips)[len(trips) * 3 // 4] <= 1


@pytest.mark.parametrize("how", ["unreachable", "slow", "throttled"])
@pytest.mark.parametrize("turn_that_fails", range(0, len(CONVERSATION), 3))
def test_with_the_log_failing_at_any_point_there_are_no_more(how: Any, turn_that_fails: int) -> None:
    echo = Echo.returning()
    for number, said in enumerate(CONVERSATION):
        if number == turn_that_fails:
            echo.table.fail(how)
        assert echo.say(said).record["db_calls"] <= 2


def test_two_devices_at_once_are_two_round_trips_at_most() -> None:
    """Both change what the other has just changed, turn after turn, each on what it knew before."""
    kitchen = Echo.returning()
    bedroom = Echo(user_id=kitchen._device.user_id, clock=kitchen.clock, cloud=kitchen.cloud)
    kitchen.say("start cold for fifteen minutes")
    for echo in (kitchen, bedroom):
        echo.launch()
    for said in ("pause it", "resume", "add two minutes", "pause it", "stop the timer", "goodbye"):
        for echo in (kitchen, bedroom):
            echo.clock.advance(seconds=3)
            if echo.session is None:
                echo.launch()
            assert echo.say(said).record["db_calls"] <= 2
    [session] = [entry for entry in kitchen.log_entries() if entry["kind"] == "therapy"]
    assert session["outcome"] == "stopped"


def test_a_change_that_met_another_device_is_made_anew_in_two_round_trips() -> None:
    kitchen = Echo.returning(timers="unsupported")
    kitchen.say("start cold for fifteen minutes")
    kitchen.say("yes")
    bedroom = Echo(user_id=kitchen._device.user_id, clock=kitchen.clock, cloud=kitchen.cloud)
    for echo in (kitchen, bedroom):
        echo.launch()
    kitchen.say("add two minutes")
    turn = bedroom.say("pause it")
    assert turn.record["db_calls"] == 2
    [session] = [entry for entry in kitchen.log_entries() if entry["kind"] == "therapy"]
    assert (session["outcome"], session["revision"]) == ("paused", 3)


# ---- No log line tells of anybody


SPOKEN: tuple[tuple[str, dict[str, str]], ...] = (
    ("StartTherapyIntent", {"modality": "frozen peas", "duration": "PT15M", "area": "achy old hip socket"}),
    ("StartTherapyIntent", {"modality": "grandma's kettle", "minutes": "1234567", "caution": "pacemaker of mine"}),
    ("FreeQuestionIntent", {"phrase": "whether my cousin penelope may lie on peas"}),
    ("FreeWordsAIntent", {"what_phrase": "did i do with penelope's wheat bag last thursday"}),
    ("HistoryIntent", {"history_kind": "penelope's frozen peas", "period": "since candlemas"}),
    ("HistoryCountIntent", {"history_kind": "wheat bags of mine", "period": "this week or so"}),
    ("UsualTherapyIntent", {}),
    ("LogPainIntent", {"score": "eleventy"}),
    ("DeleteDataIntent", {}),
    ("AMAZON.NoIntent", {}),
    ("PrivacyIntent", {}),
    ("NoSuchIntent", {"secret": "rumpelstiltskin"}),
)


def test_nothing_personal_is_in_any_log_line(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A long mixed conversation with faults: all that the process writes, and all that our own loggers say."""
    caplog.set_level(logging.DEBUG)
    for name in list(logging.root.manager.loggerDict):
        # AWS's own library writes whole requests when it is told to: the operator's choice, and off by default.
        if name.partition(".")[0] in ("botocore", "boto3", "urllib3", "hypothesis", "asyncio"):
            logging.getLogger(name).setLevel(logging.INFO)
    clock = StandingClock()
    cloud = AlexaCloud(clock, timers="granted")
    echo = Echo.returning(clock=clock, cloud=cloud, user_id=new_id("ask.account"))
    records: list[TurnRecord] = []

    def record(noted: TurnRecord) -> None:
        print_record(noted)
        echo._records.append(noted)
        records.append(noted)

    echo.skill = create_skill(echo.settings, clock=clock, make_dynamodb=lambda: echo._client, record=record)
    said = [*CONVERSATION, "what about my cousin penelope's wheat bag", "my hip went numb and i can't pee"]
    for number, words_said in enumerate(said):
        if number % 4 == 1:
            echo.table.fail(("unreachable", "slow", "throttled", "refused", "missing_table")[number % 5])
        if number % 5 == 2:
            cloud.fail("timers", status=503)
        echo.say(words_said)
    for name, slots in SPOKEN:
        echo.intent(name, **slots)
    for odd in ({"request": {"type": "IntentRequest", "intent": {"name": 7}}}, {"session": "rumpelstiltskin"}, None):
        echo.send(odd)
    echo.send(disabled(echo))
    out, err = capfd.readouterr()
    written = "\n".join([out, err, caplog.text, json.dumps(records)]).lower()
    assert len(records) > len(said) + len(SPOKEN)
    assert out.count('"outcome"') == len(records)
    private = [
        echo._device.user_id,
        echo._device.device_id,
        cloud.token,
        echo._log().person(echo._device.user_id),
        *(text for text in said if len(text.split()) > 2),
        *(value for _, slots in SPOKEN for value in slots.values()),
        *("penelope", "rumpelstiltskin", "wheat bag", "amzn1.ask.account", "amzn1.ask.device"),
    ]
    assert [text for text in private if text.lower() in written] == []


def test_the_profile_key_sorts_between_sessions_and_visits() -> None:
    assert SESSION_KEY < PROFILE < "visit#"
