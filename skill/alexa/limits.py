"""Alexa's limits on a response, checked on the finished JSON before it leaves the skill.

Sources: request and response JSON reference; "Best Practices for Text Responses"; manage the skill session.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from skill.alexa.speech import LONGEST_SPEECH

LARGEST_RESPONSE = 24_000
"""Bytes of a whole response: the oldest, strictest figure that Amazon gave."""

_BREAK = re.compile(r'<break time="(\d+(?:\.\d+)?)(ms|s)"/>')
_STRAY = re.compile(r"&(?!(amp|lt|gt|quot|apos);)")


def faults(response: Mapping[str, Any]) -> list[str]:
    """What Alexa would refuse in a response envelope; empty when it is sound."""
    found = []
    body = response.get("response", {})
    for name, holder in (("outputSpeech", body), ("reprompt", body.get("reprompt") or {})):
        speech = holder.get("outputSpeech") or {}
        text = speech.get("ssml")
        if text is None:
            if speech:
                found.append(f"{name} has no ssml")
            continue
        if len(text) > LONGEST_SPEECH:
            found.append(f"{name} has {len(text)} characters, more than {LONGEST_SPEECH}")
        if not (text.startswith("<speak>") and text.endswith("</speak>")) or _STRAY.search(text):
            found.append(f"{name} is not sound SSML")
        for length, unit in _BREAK.findall(text):
            if float(length) / (1000 if unit == "ms" else 1) > 10:
                found.append(f"{name} has a break of more than ten seconds")
    listens = body.get("shouldEndSession") is False
    if listens and not body.get("reprompt"):
        found.append("it listens without a reprompt")
    if not listens and body.get("reprompt"):
        found.append("it has a reprompt but does not listen")
    size = len(json.dumps(response).encode())
    if size > LARGEST_RESPONSE:
        found.append(f"the response has {size} bytes, more than {LARGEST_RESPONSE}")
    return found
