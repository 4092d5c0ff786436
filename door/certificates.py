"""The certificates with which Alexa signs: where they may come from, and when they are to be believed.

The rules are those of Amazon's "Host a Custom Skill as a Web Service", "Verify that the request was sent by Alexa".
"""

from __future__ import annotations

import posixpath
import re
import threading
import time
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

import certifi
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError
from urllib3 import PoolManager
from urllib3.exceptions import HTTPError
from urllib3.util import Timeout

CERTIFICATE_HOST = "s3.amazonaws.com"
CERTIFICATE_FOLDER = "/echo.api/"
ALEXA_DOMAIN = "echo-api.amazon.com"
"""The name that a signing certificate must have among its alternative names."""

FETCH_SECONDS = 2.5
"""Seconds for one certificate. Alexa waits eight for an answer, and the skill needs up to three of them."""
LARGEST_FILE = 64 * 1024
"""Bytes; Amazon's file with its whole chain has about six thousand."""

_LONGEST_URL = 512
_MOST_CERTIFICATES = 10
_MOST_KEPT = 8
_KEPT_FOR = timedelta(days=1)
_PLAIN_PATH = re.compile(r"[A-Za-z0-9._/-]+")
_PEM_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class UntrustedCertificate(Exception):
    """A certificate can't be had or isn't to be believed. The text is a few words, with nothing of the request."""


def certificate_address(url: str) -> str:
    """The address to fetch a signing certificate from, in one spelling: what was checked is what is fetched.

    Amazon's rules: https, s3.amazonaws.com, port 443 or none, and below /echo.api/ once the path is normalised. Only
    scheme and host may be in capitals. What the rules don't speak of (a user, a query, percent signs, white space) no
    address of Amazon's has, and parsers differ in what they make of it, so it is refused.

    Raises:
        UntrustedCertificate: it is not an address of Amazon's.
    """
    if len(url) > _LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise UntrustedCertificate("the certificate's address is not a URL")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UntrustedCertificate("the certificate's address is not a URL") from None
    if parts.scheme != "https" or parts.hostname != CERTIFICATE_HOST or port not in (None, 443):
        raise UntrustedCertificate("the certificate's address is not Amazon's")
    if "@" in parts.netloc or parts.query or parts.fragment or not _PLAIN_PATH.fullmatch(parts.path):
        raise UntrustedCertificate("the certificate's address is not written as Amazon writes it")
    path = posixpath.normpath(parts.path)
    if not path.startswith(CERTIFICATE_FOLDER):
        raise UntrustedCertificate("the certificate's address is not Amazon's")
    return f"https://{CERTIFICATE_HOST}{path}"


def fetch_certificates(address: str, seconds: float = FETCH_SECONDS) -> bytes:
    """The file at an address that `certificate_address` gave; redirects are not followed.

    Raises:
        UntrustedCertificate: it can't be had, not in time, or is far too large.
    """
    give_up_at = time.monotonic() + seconds
    try:
        response = _connections().request(
            "GET",
            address,
            timeout=Timeout(total=seconds),
            redirect=False,
            retries=False,
            preload_content=False,
        )
        try:
            if response.status != 200:
                raise UntrustedCertificate("the certificate can't be fetched")
            content = b""
            while piece := response.read1(LARGEST_FILE):
                content += piece
                if len(content) > LARGEST_FILE:
                    raise UntrustedCertificate("the certificate's file is too large")
                if time.monotonic() > give_up_at:
                    raise UntrustedCertificate("the certificate can't be fetched in time")
        finally:
            response.close()
    except (HTTPError, OSError):
        raise UntrustedCertificate("the certificate can't be fetched") from None
    return content


@cache
def _connections() -> PoolManager:
    return PoolManager(num_pools=1, maxsize=2, ca_certs=certifi.where())


def trusted_roots() -> list[x509.Certificate]:
    """The root certificates that Mozilla trusts, as certifi ships them."""
    with open(certifi.where(), "rb") as file:
        blocks = _PEM_BLOCK.findall(file.read())
    roots = []
    for block in blocks:
        with warnings.catch_warnings(), suppress(ValueError):
            # A few old roots break rules of today, such as a serial number of nought: cryptography warns of them now,
            # and will refuse them some day.
            warnings.simplefilter("ignore")
            roots.append(x509.load_pem_x509_certificate(block))
    return roots


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SigningCertificates:
    """Alexa's signing certificates: fetched, checked, and kept until they or what vouches for them run out.

    Args:
        roots: the certificates that are believed without proof.
        fetch: gets the file at an address, or raises UntrustedCertificate.
        clock: the present moment in UTC.
    """

    def __init__(
        self,
        roots: Iterable[x509.Certificate] | None = None,
        fetch: Callable[[str], bytes] = fetch_certificates,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self._store = Store(list(trusted_roots() if roots is None else roots))
        self._fetch = fetch
        self._clock = clock
        self._kept: OrderedDict[str, tuple[x509.Certificate, datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def at(self, url: str) -> x509.Certificate:
        """The signing certificate that a request names.

        Raises:
            UntrustedCertificate: the address is not Amazon's, nothing can be had there, or it isn't to be believed.
        """
        address = certificate_address(url)
        now = self._clock()
        with self._lock:
            certificate, until = self._kept.get(address, (None, now))
        if certificate is None or until <= now:
            # Not under the lock: a slow fetch holds up nobody who signs with a certificate that is here.
            certificate, until = self._checked(self._fetch(address), now)
            with self._lock:
                self._kept[address] = (certificate, until)
                while len(self._kept) > _MOST_KEPT:
                    self._kept.popitem(last=False)
        return certificate

    def _checked(self, content: bytes, now: datetime) -> tuple[x509.Certificate, datetime]:
        """The first certificate of a file, and until when it may be kept, if a root vouches for it."""
        try:
            found = x509.load_pem_x509_certificates(content)
        except ValueError:
            raise UntrustedCertificate("the certificate can't be read") from None
        if len(found) > _MOST_CERTIFICATES:
            raise UntrustedCertificate("the certificate's chain is too long")
        signing, others = found[0], found[1:]
        verifier = PolicyBuilder().store(self._store).time(now).build_server_verifier(x509.DNSName(ALEXA_DOMAIN))
        try:
            chain = verifier.verify(signing, others)
            extensions = signing.extensions
        except (VerificationError, ValueError):
            # Out of date, another's, or of a chain that leads to no root.
            raise UntrustedCertificate("the certificate isn't to be believed") from None
        for extension in extensions:
            if isinstance(extension.value, x509.KeyUsage) and not extension.value.digital_signature:
                raise UntrustedCertificate("the certificate isn't for signing")
        if not isinstance(signing.public_key(), RSAPublicKey):
            raise UntrustedCertificate("the certificate's key is of another kind")
        return signing, min(now + _KEPT_FOR, *(link.not_valid_after_utc for link in chain))
