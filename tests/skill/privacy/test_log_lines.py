"""No line in the operator's log tells of anybody."""

from __future__ import annotations

import json
import logging

import pytest

from simulator import Echo
from simulator.alexa_cloud import AlexaCloud
from simulator.clock import StandingClock
from simulator.envelopes import new_id
from skill.app import create_skill
from skill.turn_record import TurnRecord, print_record
from tests.skill.privacy.people import CONVERSATION, disabled

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
