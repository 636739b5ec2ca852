"""The JWT of each request, signed by ourselves (documented): claims `sub`, `appId`, `iat`, `exp`.

Made, kept, and renewed before it expires; an app may insist on a fresh `jti` (documented), then
every request gets a token of its own. Where a JWE key is given the signed token is wrapped in
an encrypted one (RSA-OAEP-256, A256GCM). Times are our clock's, corrected by nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from uuid import uuid4

from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OctKey, RSAKey

from bridge.errors import ConfigError, Problem
from bridge.ports import Clock
from bridge.services.kore.settings import KoreSettings

WRAPPING = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT"}
SPARE_SHARE = 0.2
MOST_SPARE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class _Token:
    """A token and when it should be used no more."""

    text: str
    good_until: datetime


class Tokens:
    """The tokens of one app; thread safe. Raises ConfigError for keys that cannot be used."""

    def __init__(self, settings: KoreSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._lock = Lock()
        self._token: _Token | None = None
        self._key = _signing_key(settings)
        self._wrapper = _wrapping_key(settings)

    def current(self) -> str:
        """A token that is good now."""
        if self._settings.jti == "request":
            return self._made().text
        with self._lock:
            if self._token is None or self._clock.now() >= self._token.good_until:
                self._token = self._made()
            return self._token.text

    def renew(self) -> None:
        """Make the next one anew."""
        with self._lock:
            self._token = None

    def _made(self) -> _Token:
        settings, now = self._settings, self._clock.now()
        issued = int(now.timestamp())
        claims: dict[str, object] = {
            "sub": settings.subject,
            "appId": settings.client_id,
            "iat": issued,
            "exp": issued + int(settings.token_seconds),
        }
        if settings.jti != "off":
            claims["jti"] = str(uuid4())
        header = {"alg": settings.algorithm}
        signed = jwt.encode(header, claims, self._key, algorithms=[settings.algorithm])
        spare = min(MOST_SPARE_SECONDS, settings.token_seconds * SPARE_SHARE)
        good_until = now + timedelta(seconds=settings.token_seconds - spare)
        return _Token(self._wrapped(signed), good_until)

    def _wrapped(self, signed: str) -> str:
        if self._wrapper is None:
            return signed
        algorithms = [WRAPPING["alg"], WRAPPING["enc"]]
        return jwe.encrypt_compact(WRAPPING, signed, self._wrapper, algorithms=algorithms)


def _signing_key(settings: KoreSettings) -> Key:
    name = settings.algorithm
    if name.startswith("HS"):
        return OctKey.import_key(settings.client_secret)
    if name[:2] not in ("RS", "PS", "ES"):
        raise _problem("kore.algorithm", f"{name!r} is none of HS*, RS*, PS*, ES*.", "Name one.")
    kind = ECKey if name.startswith("ES") else RSAKey
    return _imported(kind, settings.private_key, "kore.private_key_file", f"{name} signs with")


def _wrapping_key(settings: KoreSettings) -> Key | None:
    if settings.jwe_key is None:
        return None
    return _imported(RSAKey, settings.jwe_key, "kore.jwe_key_file", "the token is wrapped with")


def _imported(kind: type[RSAKey | ECKey], pem: str | None, place: str, use: str) -> Key:
    step = "Give the file of a PEM key."
    if not pem:
        raise _problem(place, f"is missing, and {use} it.", step)
    try:
        return kind.import_key(pem)
    except (JoseError, ValueError, TypeError):
        raise _problem(place, f"is no key that {use.removesuffix(' with')} takes.", step) from None


def _problem(place: str, what: str, next_step: str) -> ConfigError:
    return ConfigError((Problem(place, what, next_step),))
