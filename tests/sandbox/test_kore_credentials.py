"""Who gets into the simulated Kore, and who does not."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwe, jwt
from joserfc.jwk import OctKey, RSAKey

from bridge.sandbox import KoreSwitches
from tests.sandbox.desk import NOON, Desk

MakeDesk = Callable[..., Desk]
NOW = int(NOON.timestamp())


def test_a_bare_token_in_the_auth_header_lets_a_call_in(desk: Desk) -> None:
    assert desk.ask("getTasks").status_code == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"appId": "cs-somebody-else"},
        {"appId": None},
        {"sub": None},
        {"sub": ""},
        {"exp": NOW - 1},
        {"iat": NOW + 60},
        {"exp": "soon"},
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(desk: Desk, claims: dict[str, Any]) -> None:
    response = desk.ask("getTasks", auth=desk.token(**claims))
    assert response.status_code == 401
    assert response.json() == {"errors": [{"msg": "Token not accepted", "code": 401}]}


def test_a_token_is_refused_with_a_word_in_front_of_it(desk: Desk) -> None:
    assert desk.ask("getTasks", auth=f"Bearer {desk.token()}").status_code == 401


def test_no_token_and_a_token_of_another_secret_are_refused(desk: Desk) -> None:
    claims = {"sub": "tests", "appId": desk.kore.client_id}
    forged = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("x" * 64))
    assert desk.ask("getTasks", auth=None).status_code == 401
    assert desk.ask("getTasks", auth=forged).status_code == 401


def test_the_misspelt_app_claim_does_not_count(desk: Desk) -> None:
    token = desk.token(appId=None, appid=desk.kore.client_id)
    assert desk.ask("getTasks", auth=token).status_code == 401


def test_expiry_goes_by_the_clock_of_the_service(make_desk: MakeDesk) -> None:
    desk = make_desk(kore={"clock_skew_seconds": 120.0})
    assert desk.ask("getTasks", auth=desk.token(exp=NOW + 60)).status_code == 401
    assert desk.ask("getTasks", auth=desk.token(exp=NOW + 180)).status_code == 200


def test_only_the_algorithm_that_the_app_is_set_to_is_taken(desk: Desk) -> None:
    token = desk.token()
    desk.kore.switches = KoreSwitches(limits=(), algorithm="HS512")
    assert desk.ask("getTasks", auth=token).status_code == 401
    assert desk.ask("getTasks").status_code == 200


def test_an_app_can_be_set_to_a_key_pair(make_desk: MakeDesk) -> None:
    desk = make_desk(kore={"algorithm": "RS256"})
    claims = {"sub": "tests", "appId": desk.kore.client_id}
    key = RSAKey.import_key(desk.kore.signing_key_pem())
    token = jwt.encode({"alg": "RS256"}, claims, key, algorithms=["RS256"])
    assert desk.ask("getTasks", auth=token).status_code == 200


def test_a_token_counts_once_where_the_app_insists_on_jti(make_desk: MakeDesk) -> None:
    desk = make_desk(kore={"jti": "required"})
    token = desk.token(jti="first")
    assert desk.ask("getTasks", auth=desk.token()).status_code == 401
    assert desk.ask("getTasks", auth=token).status_code == 200
    assert desk.ask("getTasks", auth=token).status_code == 401
    assert desk.ask("getTasks", auth=desk.token(jti="second")).status_code == 200


def test_a_wrapped_token_is_demanded_where_the_app_insists_on_jwe(make_desk: MakeDesk) -> None:
    desk = make_desk(kore={"jwe": True})
    names = ["RSA-OAEP-256", "A256GCM"]
    header = {"alg": names[0], "enc": names[1], "cty": "JWT"}
    key = RSAKey.import_key(desk.kore.jwe_key_pem())
    wrapped = jwe.encrypt_compact(header, desk.token(), key, algorithms=names)
    assert desk.ask("getTasks", auth=desk.token()).status_code == 401
    assert desk.ask("getTasks", auth=wrapped).status_code == 200


def test_reads_and_updates_need_the_account_and_creates_do_not(desk: Desk) -> None:
    task_id = desk.task()
    for call in ("getTasks", "getCases", f"updateTask/{task_id}"):
        assert desk.ask(call, AccountId=None).status_code == 400
    assert desk.ask("createTask", desk.creation(), AccountId=None).status_code == 200
    assert desk.ask("getTasks", AccountId="0" * 24).status_code == 400
    assert desk.ask("createTask", desk.creation(), AccountId="0" * 24).status_code == 400


def test_a_stream_that_does_not_exist_is_not_found(desk: Desk) -> None:
    root = f"{desk.kore.url}/caseManagement/api/public/analytics/st-other/getTasks"
    headers = {"auth": desk.token(), "AccountId": desk.kore.account_id}
    assert desk.http.post(root, json={}, headers=headers).status_code == 404


def test_a_token_made_with_the_real_clock_fits_a_sandbox_with_the_real_clock(desk: Desk) -> None:
    desk.clock.now = NOON.fromtimestamp(time.time(), tz=NOON.tzinfo)
    assert desk.ask("getTasks", auth=desk.token(iat=int(time.time()) - 1)).status_code == 200
