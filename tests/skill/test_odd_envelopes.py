"""Thousands of bent envelopes through the real door: each gets an answer that Alexa takes, and none of it is repeated.

HIP_COACH_FUZZ_EXAMPLES sets how many; the default keeps the suite quick.
"""

from __future__ import annotations

import copy
import json
import os
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from simulator import Echo
from simulator.echo import Turn
from simulator.envelopes import new_id
from skill.handlers.turn import OUTCOMES

Path = tuple[str | int, ...]

EXAMPLES = int(os.environ.get("HIP_COACH_FUZZ_EXAMPLES", "300"))
MARK = "Zqxjk"
"""What the junk is known by; no word of ours has it, nor is it written as our ids are."""
SPOKEN_BACK: tuple[Path, ...] = (("session", "attributes", "speech"), ("session", "attributes", "reprompt"))
"""What the skill said last, which "repeat" says again. It travels under Alexa's signature, and is escaped."""

CONVERSATION = (
    "open hip coach",
    "start cold therapy",
    "fifteen minutes",
    "yes",
    "how much time is left",
    "pause the session",
    "resume the session",
    "add two minutes",
    "stop the session",
    "start heat for an hour on my left hip",
    "no",
    "help",
    "say that again",
    "something nobody has ever asked for",
    "i have a pacemaker",
)

HOSTILE = (
    f'<audio src="https://{MARK}.example/x.mp3"/>',
    f"</speak><speak>{MARK}",
    f'<break time="10000s"/>{MARK}',
    f"&lt;{MARK}&gt; &#60; <![CDATA[{MARK}]]>",
    f"{MARK} & {MARK}",
    f"../../etc/{MARK}",
    f"'; DROP TABLE {MARK}",
    f"{{{MARK}}} ${{{MARK}}} %s%n {{0}}",
    f"{MARK}\n{{}}\x00\x1b[31m\ud800\u202e",
    MARK * 5000,
    "a" * 100_000 + "!",
    "__proto__",
    "PT15M",
    "P15M",
    "-PT99999999999999999999M",
    "1" * 4000,
    "LaunchRequest",
    "SessionEndedRequest",
    "Connections.Response",
    "AskFor",
    "AMAZON.YesIntent",
    "ER_SUCCESS_MATCH",
    "heat",
    "both",
    "knee",
    "amount",
    "usual",
    "2026-03-02T09:00:00Z",
    "9999-12-31T23:59:59Z",
    "https://api.amazonalexa.com@127.0.0.1:1/",
    "",
)
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, 1, -1, 2**63, 10**400, 1e308, float("nan"), float("inf")]),
    st.floats(),
    st.text(st.characters(), max_size=12).map(lambda text: f"{MARK}{text}"),
    st.sampled_from(HOSTILE),
)
junk = st.recursive(
    leaves,
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.sampled_from(HOSTILE), parts, max_size=3),
    max_leaves=5,
)


@cache
def echo() -> Echo:
    return Echo.returning(screen=True)


@cache
def real_envelopes() -> tuple[dict[str, Any], ...]:
    """What an Echo sends in a conversation that goes everywhere, with the state that it has by then."""
    speaker = Echo(screen=True)
    for words in CONVERSATION:
        speaker.say(words)
    speaker.say("start heat for fifteen minutes")
    speaker.cloud.answer_permission("yes")
    speaker.launch()
    speaker.end_session("ERROR")
    disabled = speaker.envelope({"type": "AlexaSkillEvent.SkillDisabled"})
    return (*(turn.request for turn in speaker.turns), disabled)


def nodes(value: Any, path: Path = ()) -> list[Path]:
    """The path to every node below the top."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, part in parts for found in ((*path, key), *nodes(part, (*path, key)))]


def at(event: Any, path: Path) -> Any:
    for key in path:
        event = event[key]
    return event


@st.composite
def bent_envelopes(draw: st.DrawFn) -> dict[str, Any]:
    """A real envelope in which something is left out, replaced, of another type or in another's place."""
    event: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(real_envelopes())))
    event["request"]["requestId"] = new_id("echo-api.request")
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(nodes(event)))
        holder, key = at(event, path[:-1]), path[-1]
        match draw(st.sampled_from(["drop", "replace", "retype", "swap", "add"])):
            case "drop":
                del holder[key]
            case "retype":
                holder[key] = draw(
                    st.sampled_from([[holder[key]], {"value": holder[key]}, str(holder[key]), bool(holder[key])])
                )
            case "swap":
                holder[key] = copy.deepcopy(at(event, draw(st.sampled_from(nodes(event)))))
            case "add" if isinstance(holder[key], dict):
                holder[key][draw(st.sampled_from(HOSTILE))] = draw(junk)
            case "add" if isinstance(holder[key], list):
                holder[key].append(draw(junk))
            case _:
                holder[key] = draw(junk)
    return event


def said_back(event: Any) -> bool:
    """Whether junk stands where the skill's own last words should be."""
    for path in SPOKEN_BACK:
        try:
            if MARK in json.dumps(at(event, path)):
                return True
        except (KeyError, TypeError, IndexError):
            continue
    return False


def check(turn: Turn) -> None:
    assert turn.errors == ()
    assert turn.outcome in OUTCOMES
    assert set(turn.record) == {"request", "intent", "outcome", "details", "ms", "db_calls", "log_error", "locale"}
    assert MARK not in json.dumps(turn.record)
    if not said_back(turn.request):
        assert MARK not in json.dumps(turn.response.get("response"))
    # What the skill remembers of it, it can read again.
    json.dumps(turn.response)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bent_envelopes())
def test_a_bent_envelope_gets_a_sound_answer(event: dict[str, Any]) -> None:
    turn = echo().send(event)
    check(turn)
    assert turn.details.get("service") != "skill", "a handler fell over"


@settings(max_examples=max(50, EXAMPLES // 10), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(junk | st.dictionaries(st.sampled_from(["version", "session", "context", "request", MARK]), junk, max_size=4))
@example(None)
@example([])
@example("LaunchRequest")
@example({"request": {"type": "LaunchRequest"}})
@example({"request": {"type": "IntentRequest"}})
@example({"request": {"type": "Connections.Response", "status": "200"}})
def test_what_is_no_envelope_gets_a_sound_answer(event: Any) -> None:
    check(echo().send(event))


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: ascii(text)[:30])
@pytest.mark.parametrize("slot", ["modality", "duration", "minutes", "lowest", "area", "side", "length", "caution"])
def test_no_text_in_a_slot_is_said_back(slot: str, hostile: str) -> None:
    for intent in ("StartTherapyIntent", "AmountIntent", "ExtendTherapyIntent", "TherapyCautionIntent"):
        filled = {
            slot: {
                "name": slot,
                "value": hostile,
                "resolutions": {
                    "resolutionsPerAuthority": [
                        {
                            "status": {"code": "ER_SUCCESS_MATCH"},
                            "values": [{"value": {"name": hostile, "id": hostile}}],
                        }
                    ]
                },
            }
        }
        turn = echo().send(echo().envelope({"type": "IntentRequest", "intent": {"name": intent, "slots": filled}}))
        check(turn)
        assert turn.details.get("service") != "skill", "a handler fell over"


def test_a_very_deep_envelope_is_answered() -> None:
    deep: Any = MARK
    for _ in range(5000):
        deep = [deep]
    # Past the wire, where Python's own JSON reader would refuse it already.
    response = echo().skill.handle({"request": {"type": "LaunchRequest"}, "session": {"attributes": {"a": deep}}})
    assert response["version"] == "1.0"
    assert "response" in response
