"""The check of the `auth` header: a JWT signed by the client, bare, perhaps wrapped as a JWE.

Takes the header, the account and the switches; gives the claims or refuses with one message for
every cause, as a service does. Which claims count is documented; leeway and lifetime are not.
"""

from collections.abc import Mapping
from typing import Any

from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey, RSAKey

from bridge.sandbox.answers import Refusal
from bridge.sandbox.kore.switches import KoreSwitches

WRAPPING = ["RSA-OAEP-256", "A256GCM"]
SIGNING_KEY_BITS = 2048
CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
Claims = Mapping[str, Any]


class Credentials:
    """The app of one account: its id, its secret, and the key pairs that it may be set to."""

    def __init__(self, client_id: str, client_secret: str) -> None:
        self.client_id, self.client_secret = client_id, client_secret
        self._keys: dict[str, RSAKey | ECKey] = {}
        self._used_jtis: set[str] = set()

    def check(self, token: str, switches: KoreSwitches, now_ms: int) -> Claims:
        """The claims of a good token; else a Refusal."""
        refused = Refusal(switches.unauthorized_status, "Token not accepted")
        try:
            claims = self._claims(token, switches)
        except (JoseError, ValueError):
            raise refused from None
        if not self._holds(claims, switches, now_ms / 1000):
            raise refused
        if switches.jti == "required":
            self._used_jtis.add(str(claims["jti"]))
        return claims

    def key_pair(self, algorithm: str) -> RSAKey | ECKey:
        """The pair for a signing algorithm, or for `jwe`; made at the first use."""
        if algorithm not in self._keys:
            curve = CURVES.get(algorithm)
            self._keys[algorithm] = (
                ECKey.generate_key(curve) if curve else RSAKey.generate_key(SIGNING_KEY_BITS)
            )
        return self._keys[algorithm]

    def _claims(self, token: str, switches: KoreSwitches) -> Claims:
        if switches.jwe:
            wrapped = jwe.decrypt_compact(token, self.key_pair("jwe"), algorithms=WRAPPING)
            token = (wrapped.plaintext or b"").decode()
        return jwt.decode(
            token, self._verifying_key(switches.algorithm), algorithms=[switches.algorithm]
        ).claims

    def _verifying_key(self, algorithm: str) -> OctKey | RSAKey | ECKey:
        if algorithm.startswith("HS"):
            return OctKey.import_key(self.client_secret)
        return self.key_pair(algorithm)

    def _holds(self, claims: Claims, switches: KoreSwitches, now: float) -> bool:
        leeway = switches.token_leeway_seconds
        issued, expires = claims.get("iat"), claims.get("exp")
        return (
            bool(claims.get("sub"))
            and isinstance(claims["sub"], str)
            and claims.get("appId") == self.client_id
            and (issued is None or _is_at_most(issued, now + leeway))
            and (expires is None or _is_at_most(now - leeway, expires))
            and _lives_briefly(issued, expires, switches, now)
            and (switches.jti == "off" or self._is_fresh(claims.get("jti")))
        )

    def _is_fresh(self, jti: object) -> bool:
        return isinstance(jti, str) and bool(jti) and jti not in self._used_jtis


def _is_at_most(earlier: object, later: object) -> bool:
    """Whether two numeric dates are in order; what is no number is refused."""
    numbers = isinstance(earlier, int | float) and isinstance(later, int | float)
    return numbers and earlier <= later  # type: ignore[operator]


def _lives_briefly(issued: object, expires: object, switches: KoreSwitches, now: float) -> bool:
    longest = switches.token_longest_seconds
    if longest is None:
        return True
    start = issued if isinstance(issued, int | float) else now
    return isinstance(expires, int | float) and expires - start <= longest
