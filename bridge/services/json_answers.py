"""The JSON of a successful answer, or a plain word about why there is none.

Takes a reply with a 2xx, gives parsed JSON; raises OddAnswer, which the line turns into the
BadAnswer of its side.
"""

import json
from typing import Any, TypeVar

from pydantic import TypeAdapter
from pydantic_core import from_json

from bridge.services.exchange import Reply

T = TypeVar("T")
_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)
_ERROR_KEYS = ("errors", "error", "message", "msg")
_GOOD_WORDS = ("ok", "success", "completed", "acknowledged")


class OddAnswer(Exception):
    """An answer that is not what the contract says; its text says what came instead."""


def json_of(reply: Reply) -> Any:
    """The JSON that the answer holds."""
    return read_as(_ANYTHING, reply, "JSON")


def read_as(shape: TypeAdapter[T], reply: Reply, expected: str) -> T:
    """The answer read in this shape; OddAnswer names what was `expected` and what came."""
    if reply.is_html:
        raise OddAnswer(f"an HTML page instead of {expected}")
    if not reply.content.strip():
        raise OddAnswer(f"nothing instead of {expected}")
    try:
        # Parsed first: of a list of anything, pydantic's own reading makes each value twice.
        return shape.validate_python(from_json(reply.content, cache_strings="keys"))
    except ValueError:
        return _read_mended(shape, reply, expected)


def _read_mended(shape: TypeAdapter[T], reply: Reply, expected: str) -> T:
    """The answer with every half of a surrogate pair replaced: a text cut in the middle of one."""
    try:
        mended = json.dumps(_whole(json.loads(reply.content)))
        return shape.validate_python(from_json(mended))
    except (ValueError, RecursionError):
        # Its own text would repeat what came.
        raise OddAnswer(f"something else than {expected}") from None


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {_whole(key): _whole(one) for key, one in value.items()}
    return value


def written_object(reply: Reply) -> dict[str, Any]:
    """What a write answered: an object, empty where the body is empty or no object.

    Raises OddAnswer for a page, for broken JSON, and for an error object without an `_id`.
    """
    if not reply.content.strip():
        return {}
    answer = json_of(reply)
    if not isinstance(answer, dict):
        return {}
    if is_error_object(answer):
        raise OddAnswer("an error object")
    return answer


def is_error_object(answer: dict[str, Any]) -> bool:
    """Whether an object speaks of an error and is no record.

    A gateway answers so with 200 (observed). An acknowledgement that only says `message` counts
    as an error too: an outcome that is looked up costs a read, a lost write costs a change.
    """
    if answer.get("_id") or any(answer.get(word) is True for word in _GOOD_WORDS):
        return False
    return any(answer.get(key) for key in _ERROR_KEYS)
