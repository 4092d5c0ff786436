"""The web application: one address for Alexa, one to see that it is alive."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import BadRequest, HTTPException, UnsupportedMediaType

from door.certificates import SigningCertificates
from door.web_service import (
    AnyEnvelopeSkill,
    Envelope,
    SignatureVerifier,
    SkillAdapter,
    SkillIdVerifier,
    VerificationException,
)

LARGEST_REQUEST = 256 * 1024
"""Bytes. Session attributes come back as they were sent, in a response of 120 KB at most ("Request and Response JSON
Reference"); the rest of an envelope is smaller."""

Answer = Callable[[Mapping[str, Any]], dict[str, Any]]
"""What answers a request envelope: `Skill.handle`."""


def create_app(
    skills: Sequence[Answer],
    *,
    skill_id: str | None,
    certificates: SigningCertificates | None,
    hosts: Sequence[str] | None = None,
) -> Flask:
    """The application, for any WSGI server.

    Args:
        skills: skills that are alike; so many requests can be answered at the same time.
        skill_id: requests for another skill get 400. None: whichever.
        certificates: Alexa's certificates. None: neither signature nor time stamp is checked.
        hosts: names under which the application may be spoken to. None: any.
    """
    app = Flask("hip-coach", static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        TRUSTED_HOSTS=None if hosts is None else list(hosts),
        ASK_SDK_VERIFY_SIGNATURE=False,  # By our own verifier instead of the SDK's.
        ASK_SDK_VERIFY_TIMESTAMP=certificates is not None,
    )
    _log_in_one_line(app.logger)
    # The cheap checks come first: nothing is fetched for a request that is refused anyhow.
    verifiers: list[Any] = [SkillIdVerifier(skill_id)] if skill_id else []
    if certificates is not None:
        verifiers.append(SignatureVerifier(certificates))
    adapter = SkillAdapter(
        skill=AnyEnvelopeSkill(_SideBySide(skills)), skill_id=skill_id or "any", verifiers=verifiers, app=app
    )

    def answer_alexa() -> Any:
        # A browser can't send JSON to another site unasked; so no web page talks to an unguarded door.
        if request.mimetype != "application/json":
            raise UnsupportedMediaType("Send JSON")
        try:
            request.get_data().decode()
        except UnicodeDecodeError:
            raise BadRequest("The body is not UTF-8") from None
        return adapter.dispatch_request()

    def health() -> Response:
        return jsonify(status="ok", signatures="not checked" if certificates is None else "checked")

    app.add_url_rule("/", view_func=answer_alexa, methods=["POST"])
    app.add_url_rule("/health", view_func=health, methods=["GET"])
    app.register_error_handler(HTTPException, _as_json)
    return app


class _SideBySide:
    """Several skills that are alike, so that nobody waits for the slow answer of somebody else.

    A skill answers one request at a time: it counts the round trips of the turn, and keeps its latest answers. What
    Alexa sends twice goes to the same skill both times, and so gets the same answer.
    """

    def __init__(self, skills: Sequence[Answer]) -> None:
        self._skills = [(skill, threading.Lock()) for skill in skills]

    def __call__(self, envelope: Envelope) -> dict[str, Any]:
        skill, lock = self._skills[hash(envelope.request_id) % len(self._skills)]
        with lock:
            return skill(envelope.event)


def _as_json(problem: HTTPException) -> Any:
    """What is wrong, for machines; the headers stay, as 405 needs them."""
    response: Any = problem.get_response()
    response.data = json.dumps({"error": problem.description})
    response.content_type = "application/json"
    return response


def _log_in_one_line(logger: logging.Logger) -> None:
    """Have what is refused logged to stderr in one line, with the reason and nothing of the request."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine("%(asctime)s %(levelname)s %(message)s"))
    logger.handlers = [handler]
    logger.propagate = False


class _OneLine(logging.Formatter):
    """Says why a request was refused; the trace of anything else is printed whole."""

    def format(self, record: logging.LogRecord) -> str:
        problem = record.exc_info[1] if record.exc_info else None
        if not isinstance(problem, VerificationException):
            return super().format(record)
        plain = logging.makeLogRecord({**vars(record), "exc_info": None, "exc_text": None})
        return f"{super().format(plain)}: {problem.args[0]}"
