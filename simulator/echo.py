"""An Echo on the desk: say something, and the real skill answers through its real door.

Free text is understood through the committed interaction model, the envelope is what Alexa would send, the skill is
`skill.app`, timers and permissions are a cloud of our own that keeps Alexa's rules, and DynamoDB is a real engine.
Tests, the terminal conversation and `hip-coach evaluate` all speak to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from simulator.alexa_cloud import AlexaCloud, RemindersConsent, TimersConsent
from simulator.clock import Clock, StandingClock
from simulator.envelopes import SKILL_ID, Device, Session, envelope
from simulator.heard import plain_words, speaking_seconds, words_with_pauses
from simulator.local_dynamodb import LocalDynamoDB, shared_engine
from simulator.nlu import LanguageModel, Understood, intent_json
from simulator.response_rules import errors_in
from simulator.table_faults import TableFaults
from simulator.voice_permission import PermissionAnswer
from skill.app import create_skill
from skill.session_log import PROFILE, LogEntry, SessionLog, create_table, make_client
from skill.settings import Settings
from skill.turn_record import TurnRecord

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MODELS = Path(__file__).parent.parent / "interaction_models"
TABLE = "hip-coach"
SECRET = "a secret for the desk only"  # noqa: S105
SILENCE_SECONDS = 16
"""Two listening windows of eight seconds, a reprompt between them; then Alexa closes the session."""

_NAME = "hip coach"
_WAKE_WORD = re.compile(r"^\s*alexa[\s,]+", re.IGNORECASE)
_ASK = re.compile(rf"^(ask|tell) {_NAME}( to| for| about| that)? (?P<rest>.+)$", re.IGNORECASE)
_OPEN = re.compile(rf"^(open|launch|start|run|talk to|begin|load|enable|ask|wake up|use) {_NAME}[.!]?$", re.IGNORECASE)
_YES = re.compile(r"^(i approve|approve|yes|yeah|yep|sure|ok|okay|of course|go ahead|please do)\b", re.IGNORECASE)
_NO = re.compile(r"^(no|nope|don't|do not|deny|never)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Turn:
    """One turn of a conversation, as it was heard and as it went over the wire."""

    speech: str
    """Plain words as heard."""
    ssml: str
    outcome: str
    details: Mapping[str, Any]
    request: dict[str, Any]
    """The envelope that was sent."""
    response: dict[str, Any]
    """The envelope that came back."""
    listening: bool
    """Whether Alexa now listens, without the wake word."""
    record: TurnRecord
    """What the skill noted of the turn."""
    errors: tuple[str, ...] = ()
    """What Alexa would refuse in the response; a person would hear that there was a problem."""
    understood: Understood | None = None
    """How the words were understood; None for what was not said in words."""

    @property
    def with_pauses(self) -> str:
        """The words with the silences between them: "Hold it there. (10 seconds) Halfway." """
        return words_with_pauses(self.ssml)

    @property
    def seconds(self) -> float:
        """How long Alexa speaks, roughly."""
        return speaking_seconds(self.ssml)


class Echo:
    """A person with an Echo.

    Args:
        screen: whether it has one.
        locale: the language of the device.
        timers: how the person stands to the timer permission; "unsupported" is a device without timers.
        reminders: how the person stands to the reminder permission.
        audio_player: whether it plays long audio.
        clock: a clock that stands still unless another is given.
        user_id: who it is; a new person when left out.
        dynamodb: where the log is; an engine of this process, emptied with it, when left out.
        cloud: an Alexa cloud from an earlier run.
        settings: settings of the skill that differ from the desk's.
    """

    def __init__(
        self,
        *,
        screen: bool = False,
        locale: str = "en-US",
        timers: TimersConsent = "not_asked",
        reminders: RemindersConsent = "not_asked",
        audio_player: bool = True,
        clock: Clock | None = None,
        user_id: str | None = None,
        dynamodb: LocalDynamoDB | None = None,
        cloud: AlexaCloud | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.clock: Any = clock or StandingClock()
        self.cloud = cloud or AlexaCloud(self.clock, timers=timers, reminders=reminders, locale=locale)
        self.table = TableFaults()
        self.turns: list[Turn] = []
        self.session: Session | None = None
        self.listening = False
        self.permission_question: dict[str, Any] | None = None
        """The directive by which Alexa is just asking the person for a permission; None when she isn't."""
        self.silence_seconds: float = SILENCE_SECONDS
        """Seconds of this Echo's clock without a word, after which Alexa closes the session."""
        self._model = language_model(locale)
        device = Device(locale=locale, screen=screen, audio_player=audio_player)
        self._device = replace(device, user_id=user_id) if user_id else device
        self._client = _client((dynamodb or shared_engine()).endpoint)
        self._records: list[TurnRecord] = []
        self._silent_from: datetime = self.clock()
        """When Alexa has said what she had to say, and waits for an answer."""
        desk = Settings(
            table_name=TABLE, log_secret=SECRET, skill_id=SKILL_ID, region="us-east-1", allow_loopback_api=True
        )
        self.settings = replace(desk, **(settings or {}))
        self.skill = create_skill(
            self.settings, clock=self.clock, make_dynamodb=lambda: self._client, record=self._records.append
        )
        self.cloud.on_permission_answer = self._answer_permission
        if isinstance(self.clock, StandingClock):
            self.clock.on_move(self._time_passed)

    @classmethod
    def returning(cls, **options: Any) -> Echo:
        """Somebody who has answered the safety question and granted timers."""
        echo = cls(**{"timers": "granted", **options})
        profile = LogEntry(PROFILE, "profile", 1, "simulator", {"safety_answered": True, "timers_denied": False})
        log = echo._log()
        log.save(log.person(echo._device.user_id), [profile])
        return echo

    # What a person does

    def say(self, words: str) -> Turn:
        """Say something. With no session open it is heard as "ask Hip Coach to ..."."""
        words = _WAKE_WORD.sub("", words).strip()
        if self.permission_question is not None:
            return self._say_to_alexa(words)
        if _OPEN.match(words):
            return self.launch()
        asked = _ASK.match(words)
        understood = self._model.understand(asked["rest"] if asked else words, self._today())
        request = {"type": "IntentRequest", "intent": intent_json(understood, self._model, SKILL_ID)}
        return self._exchange(request, understood)

    def launch(self) -> Turn:
        """ "Open Hip Coach": a new session."""
        self.end_session("USER_INITIATED")
        return self._exchange({"type": "LaunchRequest"})

    def intent(self, name: str, **slots: str) -> Turn:
        """Send an intent with raw slot values, past the understanding: for values that nobody could type."""
        filled = {slot: {"name": slot, "value": value, "confirmationStatus": "NONE"} for slot, value in slots.items()}
        return self._exchange(
            {"type": "IntentRequest", "intent": {"name": name, "confirmationStatus": "NONE", "slots": filled}}
        )

    def end_session(self, reason: str = "USER_INITIATED") -> None:
        """End an open session from Alexa's side. The skill is told; its answer is ignored."""
        if self.session is None:
            return
        session, self.session = replace(self.session, new=False), None
        self.permission_question = None
        self._close()
        self._send(self._envelope({"type": "SessionEndedRequest", "reason": reason}, session))

    def send(self, raw: object) -> Turn:
        """Send any envelope as it is, for odd and hostile ones. The Echo's own session stays as it was."""
        request = raw if isinstance(raw, dict) else {}
        inner = request.get("request")
        kind = inner.get("type") if isinstance(inner, dict) else None
        return self._send(raw, request_type=kind if isinstance(kind, str) else "")

    # What can be seen from outside

    @property
    def announcements(self) -> list[str]:
        """What timers and reminders said, in order."""
        return self.cloud.announcements

    @property
    def timers(self) -> list[dict[str, Any]]:
        """The skill's timers as the Timers API would list them."""
        return self.cloud.timers

    @property
    def reminders(self) -> list[dict[str, Any]]:
        """The skill's reminders as the Reminders API would list them."""
        return self.cloud.reminders

    def log_entries(self) -> list[dict[str, Any]]:
        """What DynamoDB holds for this person as plain dicts: sessions, oldest first, then the profile, then visits."""
        log = self._log()
        return [
            {"entry": entry.entry, "kind": entry.kind, "revision": entry.revision, **entry.fields}
            for entry in log.everything(log.person(self._device.user_id))
        ]

    def envelope(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The envelope that this Echo would send for a request, for tests that bend it before they `send` it."""
        return self._envelope(request, self.session or Session())

    @property
    def understanding(self) -> LanguageModel:
        """The language model of this Echo's locale."""
        return self._model

    # How it works

    def _exchange(self, request: Mapping[str, Any], understood: Understood | None = None) -> Turn:
        session = self.session or Session()
        self.cloud.session_open = True
        turn = replace(self._send(self._envelope(request, session)), understood=understood)
        self.turns[-1] = turn
        # Nobody listens faster because the clock runs faster.
        self._silent_from = self.clock() + timedelta(seconds=turn.seconds * self.silence_seconds / SILENCE_SECONDS)
        return self._after(turn, session)

    def _after(self, turn: Turn, session: Session) -> Turn:
        """What Alexa does with a response: end the session, listen, or ask for a permission."""
        if turn.errors:
            self.session = replace(session, new=False)
            self.end_session("ERROR")
            return turn
        body = turn.response["response"]
        attributes = turn.response.get("sessionAttributes", {})
        self.session = Session(session.id, json.loads(json.dumps(attributes)), new=False)
        self.listening = turn.listening
        ask = next((d for d in body.get("directives", []) if d.get("type") == "Connections.SendRequest"), None)
        if ask is not None:
            self.permission_question = ask
            return self._try_permission() or turn
        if body.get("shouldEndSession") is not False:
            self.session = None
            self._close()
        return turn

    def _say_to_alexa(self, words: str) -> Turn:
        """While Alexa asks for a permission, she and not the skill hears what is said."""
        answer: PermissionAnswer = "yes" if _YES.match(words) else "no" if _NO.match(words) else "silence"
        self.cloud.answer_permission(answer)
        return self.turns[-1]

    def _answer_permission(self) -> None:
        self._try_permission()

    def _try_permission(self) -> Turn | None:
        """Send the answer to Alexa's question on to the skill, if there is one yet."""
        if self.permission_question is None:
            return None
        request = self.cloud.ask_permission(self.permission_question)
        if request is None:
            return None
        self.permission_question = None
        return self._exchange(request)

    def _envelope(self, request: Mapping[str, Any], session: Session | None) -> dict[str, Any]:
        return envelope(self._device, request, self.clock(), session, self.cloud.endpoint, self.cloud.token)

    def _send(self, event: object, request_type: str | None = None) -> Turn:
        kind = request_type if request_type is not None else event["request"]["type"]  # type: ignore[index]
        wire = json.loads(json.dumps(event)) if isinstance(event, dict) else event
        self._records.clear()
        self.table.attach(self._client)
        try:
            response = self.skill.handle(wire, None)
        finally:
            self.table.detach(self._client)
        record = self._records[-1]
        body = response.get("response", {})
        ssml = (body.get("outputSpeech") or {}).get("ssml", "")
        turn = Turn(
            speech=plain_words(ssml),
            ssml=ssml,
            outcome=record["outcome"],
            details=record["details"],
            request=event if isinstance(event, dict) else {},
            response=response,
            listening=body.get("shouldEndSession") is False,
            record=record,
            errors=errors_in(response, kind),
        )
        self.turns.append(turn)
        return turn

    def _time_passed(self, now: datetime) -> None:
        self.cloud.ring_due(now)
        self.fall_silent(now)

    def fall_silent(self, now: datetime) -> bool:
        """Close a session in which nobody has said anything for two listening windows. Says whether it did."""
        if self.session is None or (now - self._silent_from).total_seconds() < self.silence_seconds:
            return False
        if self.permission_question is not None:
            self.cloud.answer_permission("silence")
            return True
        self.end_session("EXCEEDED_MAX_REPROMPTS")
        return True

    def _today(self) -> date:
        """The date where the device is."""
        try:
            zone = ZoneInfo(self.cloud.time_zone)
        except (ValueError, OSError, KeyError):
            zone = ZoneInfo("UTC")
        return self.clock().astimezone(zone).date()  # type: ignore[no-any-return]

    def _close(self) -> None:
        self.listening = False
        self.cloud.session_open = False

    def _log(self) -> SessionLog:
        return SessionLog(TABLE, self.settings.log_secret.encode(), lambda: self._client, self.clock)


@cache
def language_model(locale: str) -> LanguageModel:
    """The committed model of a locale; of American English where there is none of its own."""
    path = MODELS / f"{locale}.json"
    return LanguageModel.load(path if path.exists() else MODELS / "en-US.json")


@cache
def _client(endpoint: str) -> DynamoDBClient:
    client = make_client(endpoint, "us-east-1")
    create_table(client, TABLE)
    return client
