"""What Alexa would refuse in a response: checked apart from the skill's own check, with a real XML parser.

Sources: request and response JSON reference; "Best Practices for Text Responses"; SSML reference.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from defusedxml import ElementTree

LONGEST_SPEECH = 8000
LARGEST_RESPONSE = 120 * 1024
SPEAKABLE_REQUESTS = ("LaunchRequest", "IntentRequest", "Connections.Response")
_PLAIN_TAGS = "speak break p s w say-as sub emphasis prosody voice lang phoneme audio"
_TAGS = frozenset([*_PLAIN_TAGS.split(), "amazon:effect", "amazon:domain", "amazon:emotion"])


def errors_in(response: object, request_type: str) -> tuple[str, ...]:
    """What is wrong with a response envelope, in words; empty when Alexa would take it."""
    if not isinstance(response, dict) or not isinstance(response.get("response"), dict):
        return ("the response is not an object with a `response`",)
    found: list[str] = []
    if response.get("version") != "1.0":
        found.append('the version must be "1.0"')
    try:
        size = len(json.dumps(response, allow_nan=False).encode())
    except (TypeError, ValueError) as problem:
        return (f"the response is not JSON: {problem}",)
    if size > LARGEST_RESPONSE:
        found.append(f"the response has {size} bytes; {LARGEST_RESPONSE} are allowed")
    body: Mapping[str, Any] = response["response"]
    if request_type not in SPEAKABLE_REQUESTS and (body.get("outputSpeech") or body.get("reprompt")):
        found.append(f"a {request_type} can't be answered with speech")
    found += _speech_errors("outputSpeech", body.get("outputSpeech"))
    reprompt = body.get("reprompt")
    if reprompt is not None:
        found += _speech_errors("reprompt", reprompt.get("outputSpeech"))
    listens = body.get("shouldEndSession") is False
    if listens and reprompt is None:
        found.append("the session stays open without a reprompt")
    if body.get("shouldEndSession") is True and reprompt is not None:
        found.append("there is a reprompt but the session ends")
    return tuple(found)


def _speech_errors(name: str, speech: Any) -> list[str]:
    if speech is None:
        return []
    text = speech.get("ssml") if speech.get("type") == "SSML" else None
    if not isinstance(text, str):
        return [f"{name} is not SSML"]
    found = []
    if len(text) > LONGEST_SPEECH:
        found.append(f"{name} has {len(text)} characters; {LONGEST_SPEECH} are allowed")
    try:
        root = ElementTree.fromstring(text.replace("amazon:", "amazon-"))
    except ElementTree.ParseError as problem:
        return [*found, f"{name} is not well-formed SSML: {problem}"]
    elements = list(root.iter())
    if root.tag != "speak":
        found.append(f"{name} is not in a <speak>")
    allowed = {tag.replace(":", "-") for tag in _TAGS}
    found += [f"{name} has a tag <{element.tag}>" for element in elements if element.tag not in allowed]
    if sum(element.tag == "audio" for element in elements) > 5:
        found.append(f"{name} has more than five <audio>")
    for element in elements:
        if element.tag == "break" and _break_seconds(element.get("time", "0s")) > 10:
            found.append(f"{name} has a break of more than ten seconds")
    if not "".join(root.itertext()).strip() and not any(element.tag == "audio" for element in elements):
        found.append(f"{name} says nothing")
    return found


def _break_seconds(text: str) -> float:
    try:
        return float(text[:-2]) / 1000 if text.endswith("ms") else float(text.removesuffix("s"))
    except ValueError:
        return float("inf")
