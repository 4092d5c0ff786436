"""A certificate authority of our own, and requests signed as Alexa signs them."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as ec_key
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as rsa_key
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from door.certificates import ALEXA_DOMAIN, UntrustedCertificate
from simulator.envelopes import SKILL_ID, Device, Session, envelope

FOLDER = "https://s3.amazonaws.com/echo.api/"
TODAY = datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Issued:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: EllipticCurvePrivateKey | RSAPrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def issue(
    name: str,
    by: Issued | None = None,
    *,
    authority: bool = False,
    names: Sequence[str] = (ALEXA_DOMAIN,),
    days: tuple[int, int] = (-10, 300),
    signs: bool = True,
    key: EllipticCurvePrivateKey | RSAPrivateKey | None = None,
) -> Issued:
    """A certificate; one that vouches for itself when nobody issues it.

    Args:
        name: its common name.
        by: who issues it.
        authority: whether it may issue others.
        names: its alternative names.
        days: from when to when it is valid, counted from today.
        signs: whether its key may be used for signatures.
        key: its key, when it shares one.
    """
    key = key or (ec_key(SECP256R1()) if authority else rsa_key(65537, 2048))
    issuer = by or Issued(None, key)  # type: ignore[arg-type]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = dict.fromkeys(("data_encipherment", "key_agreement", "encipher_only", "decipher_only"), False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(TODAY + timedelta(days=days[0]))
        .not_valid_after(TODAY + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=signs,
                content_commitment=False,
                key_encipherment=not authority,
                key_cert_sign=authority,
                crl_sign=authority,
                **usage,
            ),
            critical=True,
        )
    )
    if not authority:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), critical=False)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return Issued(builder.sign(issuer.key, hashes.SHA256()), key)


class Amazon:
    """Amazon as the door sees it: certificates to fetch, and the keys that go with them."""

    def __init__(self) -> None:
        root = issue("Root", authority=True)
        between = issue("Between", root, authority=True)
        alexa = issue("Alexa", between)
        stranger = issue("Another root", authority=True)
        expired_between = issue("Expired between", root, authority=True, days=(-100, -1))
        elliptic = issue("Elliptic", between, key=ec_key(SECP256R1()))
        impostor = issue("Impostor", alexa, key=alexa.key)
        self.root = root
        self.key = alexa.key
        self.fetched: list[str] = []
        self.files: dict[str, bytes] = {
            "good": alexa.pem + between.pem,
            "with-root": alexa.pem + between.pem + root.pem,
            "expired": issue("Alexa", between, days=(-100, -1), key=alexa.key).pem + between.pem,
            "not-yet-valid": issue("Alexa", between, days=(1, 100), key=alexa.key).pem + between.pem,
            "other-name": issue("Alexa", between, names=["alexa.example.com"], key=alexa.key).pem + between.pem,
            "among-names": issue("Alexa", between, names=["a.example", ALEXA_DOMAIN], key=alexa.key).pem + between.pem,
            "other-root": issue("Alexa", stranger, key=alexa.key).pem + stranger.pem,
            "self-signed": issue("Alexa", key=alexa.key).pem,
            "no-intermediate": alexa.pem,
            "expired-intermediate": issue("Alexa", expired_between, key=alexa.key).pem + expired_between.pem,
            "leaf-as-authority": impostor.pem + alexa.pem + between.pem,
            "not-for-signing": issue("Alexa", between, signs=False, key=alexa.key).pem + between.pem,
            "elliptic": elliptic.pem + between.pem,
            "others-first": between.pem + alexa.pem,
            "junk": b"-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n",
            "no-pem": b"<html>not found</html>",
            "empty": b"",
            "too-long": alexa.pem + between.pem * 20,
        }

    def fetch(self, address: str) -> bytes:
        """The file at an address, as `fetch_certificates` would give it."""
        self.fetched.append(address)
        content = self.files.get(address.removeprefix(FOLDER).removesuffix(".pem"))
        if content is None:
            raise UntrustedCertificate("the certificate can't be fetched")
        return content

    def signature(self, body: bytes) -> str:
        """What Alexa writes into Signature-256."""
        assert isinstance(self.key, RSAPrivateKey)
        return base64.b64encode(self.key.sign(body, PKCS1v15(), hashes.SHA256())).decode()

    def headers(self, body: bytes, file: str = "good") -> dict[str, str]:
        """The headers of a request with this body."""
        return {
            "Content-Type": "application/json; charset=utf-8",
            "SignatureCertChainUrl": f"{FOLDER}{file}.pem",
            "Signature-256": self.signature(body),
        }


@cache
def amazon() -> Amazon:
    """The one of this process: keys take a moment to make."""
    return Amazon()


def body(seconds_ago: float = 0, request: dict[str, Any] | None = None, **changes: Any) -> bytes:
    """The body of a request that was made so long ago.

    Args:
        seconds_ago: its age.
        request: what is asked; a launch by default.
        changes: members of `request` to set, or to leave out when None.
    """
    whole = envelope(
        Device(user_id="amzn1.ask.account.X"),
        request or {"type": "LaunchRequest"},
        datetime.now(UTC) - timedelta(seconds=seconds_ago),
        Session(),
        "https://api.amazonalexa.com",
        "",
    )
    whole["request"] = {k: v for k, v in {**whole["request"], **changes}.items() if v is not None}
    return json.dumps(whole).encode()


__all__ = ["FOLDER", "SKILL_ID", "TODAY", "Amazon", "amazon", "body", "issue"]
