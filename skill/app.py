"""The one place where the parts are wired: `create_skill(...)` makes a skill, `handle(event, context)` is its door.

The way of one turn: `Skill.handle` reads the envelope safely, the SDK dispatches to a handler of `skill.handlers`, the
handler asks `skill.coaching` and answers with a `Reply`. Back here what must last is saved, the reply becomes a
response, the response is held against Alexa's limits, and the turn is recorded.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import skill.alexa.service_clients  # noqa: F401 - before the SDK, for it stands in its factory's place

# isort: split

from ask_sdk_core.dispatch_components import AbstractRequestHandler
from ask_sdk_core.skill_builder import CustomSkillBuilder
from ask_sdk_model import RequestEnvelope

from skill.alexa import envelope, limits
from skill.alexa.api_client import AlexaApiClient
from skill.alexa.responses import to_response
from skill.coaching.understanding import understand
from skill.content import words
from skill.handlers import is_known, respond
from skill.handlers.conversation_state import ConversationState
from skill.handlers.memory import Memory
from skill.handlers.read_turn import read_turn
from skill.handlers.turn import Reply, Turn
from skill.session_log import VISIT_KEY, SessionLog, key_of, make_client
from skill.settings import Settings
from skill.turn_record import TurnRecord, recorder

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ANSWERS_KEPT = 64
_EMPTY: Mapping[str, Any] = {"version": "1.0", "response": {}}


class Skill:
    """The skill, wired. One object serves every listener and lasts as long as the process."""

    def __init__(
        self,
        settings: Settings,
        clock: Callable[[], datetime],
        make_dynamodb: Callable[[], DynamoDBClient],
        record: Callable[[TurnRecord], None],
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._record = record
        self._api = AlexaApiClient(settings.allow_loopback_api, settings.api_read_seconds)
        self._log = (
            SessionLog(settings.table_name, settings.log_secret.encode(), make_dynamodb, clock)
            if settings.log_secret
            else None
        )
        builder = CustomSkillBuilder(api_client=self._api)
        builder.add_request_handler(_Dispatch(self))
        self._skill = builder.create()
        self._answers: OrderedDict[tuple[str, str], tuple[str, dict[str, Any]]] = OrderedDict()

    def handle(self, event: object, context: object = None) -> dict[str, Any]:
        """Answer one request envelope. Never raises; whatever arrives gets a response that Alexa accepts."""
        started = time.perf_counter()
        note: dict[str, Any] = {
            "request": _known_type(event),
            "intent": None,
            "outcome": "acknowledged",
            "details": {},
            "log_error": None,
            "locale": None,
        }
        if self._log:
            self._log.round_trips = 0
        try:
            response = self._answer(event, note)
        except Exception as problem:  # noqa: BLE001 - the last net: a person must get an answer, whatever broke
            note |= {"outcome": "unavailable", "details": {"service": "skill", "error": type(problem).__name__}}
            response = _plain(words("conversation.unavailable"), envelope.request_type(event))
        note["ms"] = round((time.perf_counter() - started) * 1000, 1)
        note["db_calls"] = self._log.round_trips if self._log else 0
        self._record(note)
        return response

    def get_ready(self) -> None:
        """Do now what the first turn would otherwise wait for: load what is loaded late."""
        if self._log:
            self._log.get_ready()
        understand("hello")

    def _answer(self, event: object, note: dict[str, Any]) -> dict[str, Any]:
        wanted = self._settings.skill_id
        if wanted is not None and envelope.application_id(event) != wanted:
            note |= {"outcome": "refused", "details": {"reason": "skill_id"}}
            return _plain(words("conversation.refused"), envelope.request_type(event))
        safe = envelope.safe_envelope(event)
        if safe is None:
            return dict(_EMPTY)
        note["locale"] = safe["request"]["locale"]
        text = json.dumps(safe)
        key = (safe["context"]["System"]["user"].get("userId", ""), safe["request"]["requestId"])
        digest = hashlib.sha256(text.encode()).hexdigest()
        earlier = self._answers.get(key) if key[1] else None
        if earlier is not None:
            note |= {"outcome": "repeated", "details": {"request": "sent twice"}}
            if earlier[0] == digest:
                return earlier[1]
            # Another request under an id that was used before: nothing Alexa would send. Nothing is done.
            note |= {"outcome": "refused", "details": {"reason": "request_id"}}
            return _plain(words("conversation.refused"), safe["request"]["type"])
        request_envelope = self._skill.serializer.deserialize(text, RequestEnvelope)
        self._api.begin_turn()
        response_envelope = self._skill.invoke(request_envelope, _Notes(note))
        response: dict[str, Any] = self._skill.serializer.serialize(response_envelope)
        faults = limits.faults(response)
        if faults:
            note |= {"outcome": "unavailable", "details": {"service": "response", "error": faults[0]}}
            response = _plain(words("conversation.unavailable"), safe["request"]["type"])
        if key[1]:
            self._answers[key] = (digest, response)
            while len(self._answers) > _ANSWERS_KEPT:
                self._answers.popitem(last=False)
        return response

    def turn(self, handler_input: Any) -> Any:
        """Have one request answered by its handler; the SDK's dispatcher calls this.

        Returns the SDK's Response, and leaves the conversation's state in the session attributes.
        """
        request_envelope = handler_input.request_envelope
        note = handler_input.context.note
        session = request_envelope.session
        state = ConversationState.from_attributes(session.attributes if session else None)
        user = request_envelope.context.system.user
        now = self._clock()
        begins = session is not None and bool(session.new)
        memory = self._memory(user.user_id if user else None, request_envelope.request.request_id, state, begins, now)
        turn = read_turn(handler_input, state, memory, now)
        note["intent"] = _known_intent(turn.intent) if turn.intent != note["request"] else None
        note["locale"] = turn.locale or None
        reply = respond(turn)
        reply = _saved(turn, reply)
        note["log_error"] = memory.log_error
        note["outcome"], note["details"] = reply.outcome, dict(reply.details)
        if session is not None:
            attributes = _next_state(turn, reply).to_attributes()
            handler_input.attributes_manager.session_attributes = attributes
        return to_response(reply, speaks=_may_speak(note["request"]))

    def _memory(
        self, user_id: str | None, request_id: str, state: ConversationState, begins: bool, now: datetime
    ) -> Memory:
        person = self._log.person(user_id) if self._log and user_id else None
        request_hash = hashlib.sha256(request_id.encode()).hexdigest()[:12]
        visit = key_of(VISIT_KEY, now, request_hash) if begins else state.visit
        return Memory(self._log, person, request_hash, state.known, state.unsaved, visit)


class _Dispatch(AbstractRequestHandler):  # type: ignore[misc]
    """Hands every request that got this far to the handler table; the SDK brings the services and the attributes."""

    def __init__(self, skill: Skill) -> None:
        self._skill = skill

    def can_handle(self, handler_input: Any) -> bool:
        return True

    def handle(self, handler_input: Any) -> Any:
        return self._skill.turn(handler_input)


class _Notes:
    """Carries the turn's record through the SDK, in the place of Lambda's context (of which nothing is needed)."""

    def __init__(self, note: dict[str, Any]) -> None:
        self.note = note


def _saved(turn: Turn, reply: Reply) -> Reply:
    """Save what must last. When the log can't take it, say so and keep listening, so that there is a next turn."""
    if turn.memory.save(ends=not reply.reprompt and not reply.directives) or not (reply.speech or reply.timed):
        return reply
    from dataclasses import replace

    not_saved = words("conversation.not_saved")
    if reply.timed and reply.reprompt:
        # Said first: what is counted ends with what to say to go on.
        return reply.after(not_saved)
    reply = reply.then(not_saved)
    if reply.reprompt or reply.directives:
        return reply
    question = words("conversation.follow_up.what_else")
    from skill.handlers.conversation_state import Pending

    return replace(reply.then(question), reprompt=question, pending=Pending("anything_else"))


def _next_state(turn: Turn, reply: Reply) -> ConversationState:
    return ConversationState(
        pending=reply.pending,
        # "Repeat" has the stretch itself say once more what it has counted.
        speech="" if reply.timed else reply.speech,
        reprompt=reply.reprompt,
        known=turn.memory.known,
        unsaved=turn.memory.unsaved,
        visit=turn.memory.visit,
        last_answer=reply.last_answer or turn.state.last_answer,
        answers=reply.answers or turn.state.answers,
        red_flag=reply.red_flag,
        follow_up=reply.follow_up,
        more_of=reply.more_of or turn.state.more_of,
        body=tuple(sorted({*turn.state.body, *reply.body})),
        reminders=reply.reminders or (turn.state.reminders if _still_about_reminders(reply) else ()),
    )


def _still_about_reminders(reply: Reply) -> bool:
    """Whether the reminders named before are still talked about: it is asked which, or nothing new was said."""
    asked = reply.pending is not None and reply.pending.question == "reminder_cancel"
    return asked or reply.outcome in ("repeated", "help", "fallback")


def _known_type(event: object) -> str | None:
    """The request's type for the record: only one that is known, for it comes from outside."""
    kind = envelope.request_type(event)
    return kind if kind in envelope.KNOWN_REQUESTS else "unknown" if kind else None


def _known_intent(intent: str) -> str:
    """The intent's name for the record, on the same terms."""
    return intent if is_known(intent) else "unknown"


def _may_speak(request_type: str | None) -> bool:
    return request_type in ("LaunchRequest", "IntentRequest", "Connections.Response")


def _plain(text: str, request_type: str | None) -> dict[str, Any]:
    """A response made by hand, for when nothing else can be relied on."""
    if not _may_speak(request_type):
        return dict(_EMPTY)
    speech = {"type": "SSML", "ssml": f"<speak>{text}</speak>"}
    return {"version": "1.0", "response": {"outputSpeech": speech, "shouldEndSession": True}}


def _utc_now() -> datetime:
    return datetime.now(UTC)


def create_skill(
    settings: Settings | None = None,
    *,
    clock: Callable[[], datetime] = _utc_now,
    make_dynamodb: Callable[[], DynamoDBClient] | None = None,
    record: Callable[[TurnRecord], None] | None = None,
) -> Skill:
    """Wire a skill.

    Args:
        settings: how it runs; read from the environment when left out.
        clock: the present moment in UTC.
        make_dynamodb: makes the DynamoDB client when it is first needed.
        record: takes the record of each turn; printed when left out, with metrics on Lambda.
    """
    settings = settings or Settings.from_environment()
    if make_dynamodb is None:

        def make_dynamodb() -> DynamoDBClient:
            return make_client(settings.dynamodb_endpoint, settings.region)

    return Skill(settings, clock, make_dynamodb, record or recorder(settings.function_name, clock))


@cache
def _skill_of_this_process() -> Skill:
    return create_skill()


def get_ready() -> None:
    """Called by Lambda's door as it starts.

    Before a snapshot is taken (SnapStart), time costs nobody anything, and every copy wakes with what was done. In an
    ordinary start somebody is waiting already: then all is left for when it is needed.
    """
    settings = Settings.from_environment()
    if settings.starts_ahead:
        _skill_of_this_process().get_ready()


def handle(event: object, context: object = None) -> dict[str, Any]:
    """The Lambda handler: one request envelope in, one response envelope out."""
    return _skill_of_this_process().handle(event, context)
