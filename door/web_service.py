"""What is used of flask-ask-sdk and the verifiers it brings, with what they lack."""

from __future__ import annotations

import base64
import binascii
import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import Any

from ask_sdk_core.skill import CustomSkill
from ask_sdk_core.skill_builder import CustomSkillBuilder
from cryptography import x509

from door.certificates import SigningCertificates, UntrustedCertificate
from skill.alexa.envelope import application_id, request_type


@contextmanager
def _without_certvalidator() -> Iterator[None]:
    """Let the SDK be imported without certvalidator, which can't be imported itself.

    certvalidator needs oscrypto, whose newest release (1.3.0) can't read the version of OpenSSL 3.0.10 and later and
    raises (https://github.com/wbond/oscrypto/issues/78). The SDK needs it for a check of certificates that is not used
    here: `SigningCertificates` does it. Should that check ever be called, it fails and nothing gets past it.
    """
    names = ("certvalidator", "certvalidator.errors")
    earlier = {name: sys.modules.get(name) for name in names}
    package, errors = (ModuleType(name) for name in names)
    vars(errors).update(PathError=_NeverRaised, ValidationError=_NeverRaised)
    vars(package).update(CertificateValidator=None, errors=errors)
    sys.modules.update(zip(names, (package, errors), strict=True))
    try:
        yield
    finally:
        for name, module in earlier.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


class _NeverRaised(Exception):
    """Stands for certvalidator's exceptions."""


with _without_certvalidator():
    from ask_sdk_webservice_support.verifier import AbstractVerifier, RequestVerifier, VerificationException
    from flask_ask_sdk.skill_adapter import SkillAdapter

__all__ = [
    "AnyEnvelopeSkill",
    "SignatureVerifier",
    "SkillAdapter",
    "SkillIdVerifier",
    "VerificationException",
]


@dataclass(frozen=True)
class _Request:
    """The part of a request that the SDK's verifier of time stamps reads, under the SDK's names."""

    timestamp: datetime | None
    object_type: str | None


@dataclass(frozen=True)
class Envelope:
    """A request envelope as it came, whatever it holds, in the shape that the SDK's verifiers expect."""

    event: Mapping[str, Any]

    @property
    def request(self) -> _Request:
        """The request's time stamp (None unless it is one, with a time zone) and type."""
        request = self.event.get("request")
        text = request.get("timestamp") if isinstance(request, Mapping) else None
        return _Request(_moment(text), request_type(self.event))

    @property
    def request_id(self) -> str:
        """The request's id; empty when it has none."""
        request = self.event.get("request")
        found = request.get("requestId") if isinstance(request, Mapping) else None
        return found if isinstance(found, str) else ""


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


class _EnvelopeReader:
    """Stands in the place of the SDK's serializer, which raises on values that it doesn't know."""

    def deserialize(self, payload: str, obj_type: object) -> Envelope:
        """Read a body.

        Raises:
            VerificationException: it is not a JSON object, so Alexa didn't send it.
        """
        try:
            event = json.loads(payload, parse_constant=_no_number, parse_float=_finite)
        except (ValueError, RecursionError):
            raise VerificationException("the body is not JSON") from None
        if not isinstance(event, dict):
            raise VerificationException("the body is not a JSON object")
        return Envelope(event)

    def serialize(self, response: dict[str, Any]) -> dict[str, Any]:
        """The response, which is plain JSON already."""
        return response


def _no_number(_text: str) -> float:
    raise ValueError("not a number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("too large a number")
    return number


class AnyEnvelopeSkill(CustomSkill):  # type: ignore[misc]
    """What flask-ask-sdk takes for the SDK's skill, so that our own reading of envelopes isn't passed by.

    Verifying and answering are the adapter's; reading and dispatching go the same way as on Lambda.

    Args:
        answer: answers an envelope; `Skill.handle` does.
    """

    def __init__(self, answer: Callable[[Envelope], dict[str, Any]]) -> None:
        super().__init__(CustomSkillBuilder().skill_configuration)
        self.serializer = _EnvelopeReader()
        self._answer = answer

    def invoke(self, request_envelope: Envelope, context: object) -> dict[str, Any]:
        """Answer a request that was verified."""
        return self._answer(request_envelope)


class SkillIdVerifier(AbstractVerifier):
    """Refuses what Alexa signed for another skill. (The adapter's own `skill_id` is a name only; it checks nothing.)"""

    def __init__(self, skill_id: str) -> None:
        self._skill_id = skill_id

    def verify(self, headers: object, serialized_request_env: str, deserialized_request_env: Envelope) -> None:
        """Raises VerificationException for another skill's request, and for one that names none."""
        if application_id(deserialized_request_env.event) != self._skill_id:
            raise VerificationException("the request is for another skill")


class SignatureVerifier(RequestVerifier):
    """The SDK's verifier of signatures (Signature-256: SHA-256 and RSA over the body) with our certificates.

    The SDK's own fetches without a time-out, keeps certificates without an end, and answers 500 to some bad ones.
    """

    def __init__(self, certificates: SigningCertificates) -> None:
        super().__init__()
        self._certificates = certificates

    def _retrieve_and_validate_certificate_chain(self, cert_url: str, x509_backend: object = None) -> x509.Certificate:
        try:
            return self._certificates.at(cert_url)
        except UntrustedCertificate as problem:
            raise VerificationException(str(problem)) from None

    def _valid_request_body(self, cert_chain: x509.Certificate, signature: str, serialized_request_env: str) -> None:
        try:
            base64.b64decode(signature, validate=True)
        except (binascii.Error, ValueError):
            raise VerificationException("the signature is not base64") from None
        super()._valid_request_body(cert_chain, signature, serialized_request_env)
