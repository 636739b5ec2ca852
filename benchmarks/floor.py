"""The floor: a plain httpx loop that reads both lists and decodes the JSON, nothing more.

`python -m benchmarks.floor CONFIG` reads one side after the other in one thread, the pages that
the bridge reads too, and prints {"kore": tasks, "v2": tasks, "requests": n, "seconds": s}.
"""

import json
import sys
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey

TIMEOUT_SECONDS = 30.0
TOKEN_SECONDS = 300
KORE_PAGE, V2_PAGE = 50, 1000  # the bridge's own defaults


def read_kore(client: httpx.Client, kore: dict[str, Any]) -> tuple[int, int]:
    """Every page of getTasks; gives the tasks and the requests."""
    url = f"{kore['base_url']}/caseManagement/api/public/analytics/{kore['stream_id']}/getTasks"
    key, now = OctKey.import_key(kore["client_secret"]), int(time.time())
    claims = {"sub": "floor", "appId": kore["client_id"], "iat": now, "exp": now + TOKEN_SECONDS}
    headers = {"auth": jwt.encode({"alg": "HS256"}, claims, key), "AccountId": kore["account_id"]}
    tasks = requests = 0
    while True:
        body = {"skip": tasks, "limit": KORE_PAGE, "sortBy": {"createdAt": "asc"}}
        answer = client.post(url, json=body, headers=headers).raise_for_status().json()
        requests += 1
        tasks += len(answer["results"])
        if not answer["hasMore"]:
            return tasks, requests


def read_v2(client: httpx.Client, v2: dict[str, Any]) -> tuple[int, int]:
    """Every page of /tasks; gives the tasks and the requests."""
    headers = {"x-API-Key": v2["api_key"]}
    tasks = requests = 0
    sort = json.dumps({"by": "_id", "direction": 1})
    while True:
        asked = {"limit": str(V2_PAGE), "offset": str(tasks), "sort": sort}
        answer = client.get(f"{v2['base_url']}/tasks/", params=asked, headers=headers)
        rows = answer.raise_for_status().json()
        requests += 1
        tasks += len(rows)
        if not rows:  # no count comes, so that only an empty page is known to be the last
            return tasks, requests


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
