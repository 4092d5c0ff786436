"""A reply as the SDK's Response: speech, reprompt, directives, and whether Alexa goes on listening."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from ask_sdk_model import Response
from ask_sdk_model.ui import Reprompt, SsmlOutputSpeech

from skill.alexa.speech import Part, ssml, timed_ssml


class Spoken(Protocol):
    """What a reply must have to be put into a response."""

    @property
    def speech(self) -> str:
        """Plain words to say."""
        ...

    @property
    def timed(self) -> Sequence[Part]:
        """What is said after them with silences in between, such as a stretch that is counted; mostly nothing."""
        ...

    @property
    def reprompt(self) -> str:
        """Plain words after a silence; empty when the session ends with this answer."""
        ...

    @property
    def directives(self) -> Sequence[Any]:
        """Directives of the SDK's model."""
        ...

    @property
    def card(self) -> Any:
        """A card for the Alexa app, or None."""
        ...

    @property
    def leaves_session_to_alexa(self) -> bool:
        """Whether shouldEndSession stays unset, as a voice permission question wants it."""
        ...


def to_response(reply: Spoken, *, speaks: bool) -> Response:
    """The response for a reply; an empty one for requests that can't be answered with speech."""
    if not speaks:
        return Response()
    listens = bool(reply.reprompt)
    speech = timed_ssml([*filter(None, [reply.speech]), *reply.timed]) if reply.timed else ssml(reply.speech)
    return Response(
        output_speech=SsmlOutputSpeech(ssml=speech),
        reprompt=Reprompt(output_speech=SsmlOutputSpeech(ssml=ssml(reply.reprompt))) if listens else None,
        card=reply.card,
        directives=list(reply.directives) or None,
        should_end_session=None if reply.leaves_session_to_alexa else not listens,
    )
