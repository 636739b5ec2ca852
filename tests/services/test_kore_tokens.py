"""Kore's tokens: signed by us, renewed in time, and refused with a word about the clock."""

from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwe, jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from bridge.domain.exchange import Order, Purpose
from bridge.domain.reading import ProbeForm
from bridge.domain.side import TaskId
from bridge.errors import ConfigError, KeyRefused
from bridge.services.kore.settings import KoreSettings
from bridge.services.kore.tokens import Tokens
from tests.services.clients import KORE_SETTINGS, SECRET, Bench
from tests.services.odd_server import OddServer, answer
from tests.services.stand_ins import NOON, MovedClock

RSA = RSAKey.generate_key(2048)
EMPTY_PAGE = answer(b'{"results": [], "hasMore": false}')
REFUSED = answer(b'{"errors": [{"msg": "Token not accepted"}]}', "401 Unauthorized")


def tokens(clock: MovedClock | None = None, **more: Any) -> Tokens:
    settings = KoreSettings(base_url="http://127.0.0.1:9", **{**KORE_SETTINGS, **more})
    return Tokens(settings, clock or MovedClock())


def claims(token: str, algorithm: str = "HS256", key: Any = None) -> dict[str, Any]:
    return jwt.decode(token, key or OctKey.import_key(SECRET), algorithms=[algorithm]).claims


def pem(key: Any, *, private: bool = True) -> str:
    return str(key.as_pem(private=private).decode())


def test_a_token_says_who_asks_and_how_long_it_is_good() -> None:
    told = claims(tokens(subject="me", token_seconds=120).current())
    assert told.pop("jti")
    issued = int(NOON.timestamp())
    assert told == {"sub": "me", "appId": "cs-1", "iat": issued, "exp": issued + 120}


@pytest.mark.parametrize(("jti", "different"), [("request", 3), ("token", 1), ("off", 1)])
def test_the_jti_is_new_for_each_request_or_token_or_left_out(jti: Any, different: int) -> None:
    made = tokens(jti=jti)
    told = [claims(made.current()) for _ in range(3)]
    assert len({one.get("jti") for one in told}) == different
    assert ("jti" in told[0]) is (jti != "off")


def test_a_kept_token_is_renewed_before_it_expires() -> None:
    clock = MovedClock()
    made = tokens(clock, jti="token", token_seconds=100)
    first = made.current()
    clock.moment = NOON + timedelta(seconds=79)
    assert made.current() == first
    clock.moment = NOON + timedelta(seconds=80)
    assert claims(made.current())["iat"] == int(clock.moment.timestamp())


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_a_longer_digest_signs_with_the_secret(algorithm: str) -> None:
    long = SECRET * 2
    token = tokens(algorithm=algorithm, client_secret=long).current()
    assert claims(token, algorithm, OctKey.import_key(long))["appId"] == "cs-1"


@pytest.mark.parametrize("algorithm", ["RS256", "RS512", "PS256"])
def test_rsa_signs_with_the_private_key(algorithm: str) -> None:
    token = tokens(algorithm=algorithm, private_key=pem(RSA)).current()
    assert claims(token, algorithm, RSA)["appId"] == "cs-1"


def test_an_elliptic_curve_signs_with_the_private_key() -> None:
    key = ECKey.generate_key("P-256")
    token = tokens(algorithm="ES256", private_key=pem(key)).current()
    assert claims(token, "ES256", key)["appId"] == "cs-1"


def test_a_jwe_key_wraps_the_signed_token() -> None:
    token = tokens(jwe_key=pem(RSA, private=False)).current()
    wrapped = jwe.decrypt_compact(token, RSA, algorithms=["RSA-OAEP-256", "A256GCM"])
    assert wrapped.plaintext is not None
    assert claims(wrapped.plaintext.decode())["appId"] == "cs-1"


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({"algorithm": "none"}, "kore.algorithm"),
        ({"algorithm": "RS256"}, "kore.private_key_file"),
        ({"algorithm": "RS256", "private_key": "no key"}, "kore.private_key_file"),
        ({"algorithm": "ES256", "private_key": pem(RSA)}, "kore.private_key_file"),
        ({"jwe_key": "no key"}, "kore.jwe_key_file"),
    ],
)
def test_a_key_that_cannot_be_used_is_a_configuration_error(
    settings: dict[str, Any], place: str
) -> None:
    with pytest.raises(ConfigError, match=place) as caught:
        tokens(**settings)
    assert "no key" not in str(caught.value).replace("is no key", "")


@pytest.mark.parametrize("jti", ["request", "token", "off"])
def test_a_401_is_answered_once_with_a_fresh_token(jti: Any) -> None:
    bench = Bench()
    with OddServer(REFUSED, EMPTY_PAGE) as server:
        service = bench.kore(server.url, jti=jti)
        bench.clock.moment += timedelta(seconds=1)
        service.page(Order.STABLE, 0, purpose=Purpose.POLL)
    assert len(server.requests) == 2


def test_a_write_is_sent_again_after_a_401_and_only_then() -> None:
    bench = Bench()
    with OddServer(REFUSED, answer(b"{}")) as server:
        service = bench.kore(server.url)
        service.send(service.draft_probe(TaskId("ti-1"), ProbeForm.EMPTY))
    assert len(server.requests) == 2


def test_a_second_401_is_raised() -> None:
    bench = Bench()
    with (
        OddServer(REFUSED, REFUSED, EMPTY_PAGE) as server,
        pytest.raises(KeyRefused, match="Token not accepted") as caught,
    ):
        bench.kore(server.url).page(Order.STABLE, 0, purpose=Purpose.POLL)
    assert caught.value.status == 401
    assert "clock" not in str(caught.value)


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("Wed, 04 Mar 2026 11:58:00 GMT", "120 s behind ours"),
        ("Wed, 04 Mar 2026 12:10:00 GMT", "600 s ahead of ours"),
    ],
)
def test_a_401_mentions_a_clock_that_the_token_cannot_bear(date: str, words: str) -> None:
    refused = answer(b"{}", "401 Unauthorized", Date=date)
    bench = Bench()
    with OddServer(refused, refused) as server, pytest.raises(KeyRefused, match=words):
        bench.kore(server.url).page(Order.STABLE, 0, purpose=Purpose.POLL)


@pytest.mark.parametrize(("status", "usual"), [("401 Unauthorized", "jti"), ("403 No", "scope")])
@pytest.mark.parametrize(("second", "is_told"), [(3, False), (30, True)])
def test_a_refusal_tells_a_clock_that_is_ahead_beside_the_usual_cause(
    status: str, usual: str, second: int, is_told: bool
) -> None:
    refused = answer(b"{}", status, Date=f"Wed, 04 Mar 2026 12:00:{second:02} GMT")
    bench = Bench()
    with OddServer(refused, refused) as server, pytest.raises(KeyRefused, match=usual) as caught:
        bench.kore(server.url).page(Order.STABLE, 0, purpose=Purpose.POLL)
    told = "Kore's clock is 30 s ahead of ours: set this machine's clock." in str(caught.value)
    assert told == is_told


def test_the_headers_are_those_of_the_documents() -> None:
    bench = Bench()
    with OddServer(EMPTY_PAGE) as server:
        bench.kore(server.url).page(Order.STABLE, 0, purpose=Purpose.POLL)
    lines = server.requests[0].split(b"\r\n\r\n")[0].decode().split("\r\n")
    headers = {name.lower(): text for name, _, text in (line.partition(": ") for line in lines[1:])}
    assert lines[0].split()[1].endswith(f"/analytics/{KORE_SETTINGS['stream_id']}/getTasks")
    assert claims(headers["auth"])["appId"] == "cs-1"
    assert headers["accountid"] == KORE_SETTINGS["account_id"]
    assert headers["content-type"] == "application/json;charset=UTF-8"
    assert headers["x-timezone-offset"] == "0"
    assert headers["iid"] == KORE_SETTINGS["stream_id"]
    assert headers["client-app"] == "unified"
