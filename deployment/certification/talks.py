"""What certification's testers do first, done with the simulated Echo: what is said, and whether it listens then.

Every response is also held against Alexa's limits by the simulator; the transcripts in tests/conversations go deeper.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from deployment.certification.check import Findings, SkillPackage, check, entries, names
from deployment.certification.store import LOCALES
from deployment.skill_facts import interface_of
from simulator.echo import Echo, Turn

TALKS: Final[tuple[tuple[str, ...], ...]] = (
    ("open hip coach", "help", "repeat", "stop"),
    ("open hip coach", "what is the capital of france", "flibber the wotsit", "cancel"),
    ("open hip coach", "start cold therapy", "fifteen minutes", "no problems", "i approve"),
    ("start heat for an hour", "yes", "how much time is left", "pause the session", "resume", "stop the session"),
    ("open hip coach", "should i use heat or cold", "stiff", "no"),
    ("why do my hips hurt", "tell me more", "where does that come from", "goodbye"),
    ("open hip coach", "stretch my hamstrings", "no", "ready", "next", "repeat", "stop"),
    ("what did i do this week", "what do you store about me", "delete my data", "no"),
    ("open hip coach", "my chest hurts", "ok", "stop"),
)
"""Each begins without a session. What a new person is asked first is part of them."""

USELESS: Final = frozenset({"fallback", "unavailable", "out_of_scope"})
"""Outcomes that an example phrase must not have."""

CLAIM: Final = re.compile(
    r"\b(I|this|that|it|heat|cold|hip coach) (will|can|could) (cure|heal|treat|diagnose)\b|\bguarantee|\bmiracle",
    re.IGNORECASE,
)
"""A promise in spoken words. ("There is no cure" is a fact of the article.)"""

_QUESTION: Final = re.compile(r"\?( [^.!?]+[.!])?$")
"""A question at the end, perhaps with its answers after it ("Yes or no.")."""

_PROMPT: Final = re.compile(r"(^|[.!?] )[^.!?]*\b(say|tell me|ask me|ask)\b[^.!?]*[.!]?$", re.IGNORECASE)
"""An invitation to speak, in the last sentence."""

_SESSION: Final = "Manage the Skill Session"
_RESPONSE: Final = "Request and Response JSON Reference"


@dataclass(frozen=True)
class Said:
    """What somebody said, and what came of it."""

    who: str
    words: str
    turn: Turn

    @property
    def place(self) -> str:
        """For messages."""
        return f"{self.who}, {self.words!r}"


Look = Callable[[Sequence[Said]], Findings]


@cache
def talks() -> tuple[Said, ...]:
    """The talks, held by a new person and by one who has been here before."""
    found: list[Said] = []
    for who, make in (("a new person", Echo), ("a returning person", Echo.returning)):
        for talk in TALKS:
            found += _talk(who, make(), talk)
    return tuple(found)


def _talk(who: str, echo: Echo, talk: Sequence[str]) -> Iterator[Said]:
    for words in talk:
        yield Said(who, words, echo.say(words))


def _look(name: str, wants: str, source: str) -> Callable[[Look], Look]:
    """Make a check of a function that looks at the talks."""

    def register(look: Look) -> Look:
        check(name, wants, source)(lambda package: look(talks()))
        return look

    return register


@_look("talk.sound", "Alexa would take every response", _RESPONSE)
def sound(said: Sequence[Said]) -> Findings:
    """The simulator's rules: SSML, sizes, reprompts."""
    for one in said:
        for error in one.turn.errors:
            yield f"{one.place}: {error}"


@_look("talk.listening", "Alexa listens after a question or an invitation to speak, and never without one", _SESSION)
def listening(said: Sequence[Said]) -> Findings:
    """A session left open without a question, or closed after one, is refused."""
    for one in said:
        speech = one.turn.speech
        if one.turn.listening and not _QUESTION.search(speech) and not _PROMPT.search(speech):
            yield f"{one.place}: Alexa listens, and nothing was asked: {speech[-70:]!r}"
        if not one.turn.listening and speech.endswith("?") and not _alexa_asks(one.turn):
            yield f"{one.place}: a question, and Alexa doesn't listen: {speech[-70:]!r}"


def _directives(turn: Turn) -> list[Any]:
    return turn.response.get("response", {}).get("directives") or []


def _alexa_asks(turn: Turn) -> bool:
    return any(directive.get("type") == "Connections.SendRequest" for directive in _directives(turn))


@_look("talk.welcome", "Opened without a wish, it greets, says what it can do and listens", "Voice Interface and UX")
def welcome(said: Sequence[Said]) -> Findings:
    """Certification opens the skill first."""
    for one in said:
        if one.words.startswith("open") and not (one.turn.outcome == "welcome" and one.turn.listening):
            yield f"{one.place}: {one.turn.outcome}, {'listening' if one.turn.listening else 'not listening'}"


@_look("talk.help", "Help says what one can do, and listens", "Voice Interface and UX")
def help_(said: Sequence[Said]) -> Findings:
    """Another text than the greeting's."""
    greetings = {one.turn.speech for one in said if one.turn.outcome == "welcome"}
    for one in said:
        if one.words == "help" and (
            one.turn.outcome != "help" or not one.turn.listening or one.turn.speech in greetings
        ):
            yield f"{one.place}: must be help, in other words than the greeting, and listen"


@_look("talk.stop", "Stop, cancel and goodbye end the session", "Standard Built-in Intents")
def stop(said: Sequence[Said]) -> Findings:
    """Saying goodbye without a question."""
    for one in said:
        if (
            one.words in ("stop", "cancel", "goodbye")
            and one.turn.response["response"].get("shouldEndSession") is not True
        ):
            yield f"{one.place}: the session goes on"


@_look("talk.errors", "What isn't understood brings words that help on, and listens", "Voice Interface and UX")
def errors(said: Sequence[Said]) -> Findings:
    """And never silence."""
    for one in said:
        if not one.turn.speech and not _alexa_asks(one.turn):
            yield f"{one.place}: nothing is said"
        if one.turn.outcome in ("fallback", "out_of_scope") and not one.turn.listening:
            yield f"{one.place}: not understood, and Alexa doesn't listen"
        if one.turn.outcome == "unavailable":
            yield f"{one.place}: something didn't work"


@_look(
    "talk.emergency", "Told of an emergency, it says whom to call before anything else", "Policy Requirements, Health"
)
def emergency(said: Sequence[Said]) -> Findings:
    """Nothing is started then."""
    for one in said:
        if one.words == "my chest hurts" and not (
            one.turn.outcome == "red_flag" and one.turn.speech.startswith("Call ")
        ):
            yield f"{one.place}: {one.turn.outcome}: {one.turn.speech[:60]!r}"


@_look("talk.claims", "Nothing that is said promises a cure or a diagnosis", "Policy Requirements, Health")
def claims(said: Sequence[Said]) -> Findings:
    """Misleading medical claims are refused in speech too."""
    for one in said:
        if found := CLAIM.search(one.turn.speech):
            yield f"{one.place}: {found[0]!r}"


def undeclared(said: Sequence[Said], declared: set[str]) -> Findings:
    """Directives that were sent, and that need an interface which is not declared."""
    for one in said:
        for directive in _directives(one.turn):
            interface = interface_of(str(directive.get("type")))
            if interface and interface not in declared:
                yield f"{one.place}: {directive['type']} was sent, and the manifest lacks {interface}"


@check("talk.directives", "Directives that are sent belong to declared interfaces", _RESPONSE)
def directives(package: SkillPackage) -> Findings:
    """Seen on the wire, whatever the code looks like."""
    yield from undeclared(talks(), names(package.custom, "interfaces", "type"))


@check("talk.phrases", "Every example phrase does something, in its own locale", "Skill Manifest Schema")
def phrases(package: SkillPackage) -> Findings:
    """Testers say each of them, to a skill that they have never used."""
    for locale, shown in package.shown.items():
        for phrase in entries(shown, "examplePhrases"):
            if locale not in LOCALES or not isinstance(phrase, str) or not phrase.startswith("Alexa, "):
                continue
            turn = Echo(locale=locale).say(phrase)
            if turn.outcome in USELESS or turn.errors:
                yield f"{locale}: {phrase!r} comes to {turn.outcome}"


@check("talk.forgets", "Who disables the skill is forgotten", "Policy Requirements, Privacy")
def forgets(package: SkillPackage) -> Findings:
    """What the privacy policy promises."""
    echo = Echo.returning()
    echo.say("start cold therapy for fifteen minutes")
    if not echo.log_entries():
        yield "a session was started, and nothing stands in the log"
    echo.end_session()
    echo.send(
        echo.envelope(
            {"type": "AlexaSkillEvent.SkillDisabled", "body": {"userInformationPersistenceStatus": "NOT_PERSISTED"}}
        )
    )
    if echo.log_entries():
        yield "the skill was disabled, and the log still holds what the person did"
