"""The floor: a plain httpx loop that reads both lists and decodes the JSON, nothing more.

`python -m benchmarks.floor CONFIG` reads one side after the other in one thread, the very pages
that the bridge reads too, each of which begins with the last row of the one before, and prints
{"kore": tasks, "v2": tasks, "requests": n, "seconds": s}.
"""

import json
import sys
import time
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey

TIMEOUT_SECONDS = 30.0
TOKEN_SECONDS = 3600
KORE_PAGE, V2_PAGE = 50, 1000  # the bridge's own defaults
Section = Mapping[str, Any]


def kore_url(kore: Section, call: str) -> str:
    """The address of a call of Kore."""
    root = f"{kore['base_url']}/caseManagement/api/public/analytics"
    return f"{root}/{kore['stream_id']}/{call}"


def kore_headers(kore: Section) -> dict[str, str]:
    """A token that is good for an hour."""
    key, now = OctKey.import_key(kore["client_secret"]), int(time.time())
    claims = {"sub": "floor", "appId": kore["client_id"], "iat": now, "exp": now + TOKEN_SECONDS}
    return {"auth": jwt.encode({"alg": "HS256"}, claims, key), "AccountId": kore["account_id"]}


def v2_headers(v2: Section) -> dict[str, str]:
    """The key."""
    return {"x-API-Key": v2["api_key"]}


def kore_body(skip: int, key: str, direction: str) -> dict[str, Any]:
    """What a page of Kore is asked for."""
    return {"skip": skip, "limit": KORE_PAGE, "sortBy": {key: direction}}


def v2_query(offset: int, field: str, direction: int) -> dict[str, str]:
    """What a page of v2 is asked for."""
    sort = json.dumps({"by": field, "direction": direction}, separators=(",", ":"))
    return {"limit": str(V2_PAGE), "offset": str(offset), "sort": sort}


def read_kore(client: httpx.Client, kore: Section) -> tuple[int, int]:
    """Every page of getTasks; gives the tasks and the requests."""
    url, headers = kore_url(kore, "getTasks"), kore_headers(kore)
    skip = requests = 0
    while True:
        body = kore_body(skip, "createdAt", "asc")
        answer = client.post(url, json=body, headers=headers).raise_for_status().json()
        requests += 1
        length = len(answer["results"])
        if not answer["hasMore"]:
            return skip + length, requests
        skip += length - 1


def read_v2(client: httpx.Client, v2: Section) -> tuple[int, int]:
    """Every page of /tasks; gives the tasks and the requests."""
    url, headers = f"{v2['base_url']}/tasks/", v2_headers(v2)
    offset = requests = 0
    while True:
        answer = client.get(url, params=v2_query(offset, "_id", 1), headers=headers)
        length = len(answer.raise_for_status().json())
        requests += 1
        if length < 2:  # no count comes, so that only a page with nothing new is the last
            return offset + length, requests
        offset += length - 1


def look_at_newest(client: httpx.Client, config: Section) -> float:
    """What an idle cycle asks for: the newest page of each side; gives the seconds."""
    kore, v2 = config["kore"], config["v2"]
    headers = kore_headers(kore)
    began = time.perf_counter()
    body = kore_body(0, "updatedAt", "desc")
    client.post(kore_url(kore, "getTasks"), json=body, headers=headers).raise_for_status().json()
    asked = v2_query(0, "status.lastModifiedAt", -1)
    answer = client.get(f"{v2['base_url']}/tasks/", params=asked, headers=v2_headers(v2))
    answer.raise_for_status().json()
    return time.perf_counter() - began


def main(words: Sequence[str]) -> int:
    """Read both sides once and print what it took."""
    config = tomllib.loads(Path(words[0]).read_text())
    began = time.perf_counter()
    with httpx.Client(timeout=TIMEOUT_SECONDS) as client:
        kore, first = read_kore(client, config["kore"])
        v2, second = read_v2(client, config["v2"])
    seconds = time.perf_counter() - began
    found = {"kore": kore, "v2": v2, "requests": first + second, "seconds": round(seconds, 3)}
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
