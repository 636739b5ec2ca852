"""The service's own words about what went wrong, made fit for a message to people.

Takes an answer, gives at most 300 characters in one line, without secrets, without control
characters. v2 writes `message` and `errors[].message` and either may be the telling one
(observed); Kore's shape is unknown, `errors[].msg` is common there; a gateway answers HTML.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from typing import Any

from bridge.domain.text import shortened
from bridge.services.exchange import Reply

MOST_CHARACTERS = 300
_TELLING = ("message", "msg", "error", "errors", "detail", "details", "title", "description")
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_UNSEEN = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*){1,4}")
_LOOKED_AT = 100_000


class Scrubber:
    """Takes secrets out of texts."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted({text for text in secrets if len(text) > 3}, key=len, reverse=True)

    def __call__(self, text: str) -> str:
        """The text without the secrets and without anything that looks like a token."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return _TOKEN.sub("***", text)


def said_in(reply: Reply, scrub: Scrubber) -> str:
    """What the answer says, or an empty text if it says nothing readable."""
    text = reply.content[:_LOOKED_AT].decode("utf-8", "replace")
    words = _of_page(text) if reply.is_html else "; ".join(_once(_of_json(text)))
    printable = "".join(letter if letter.isprintable() else " " for letter in words)
    return shortened(scrub(printable), MOST_CHARACTERS)


def _of_page(text: str) -> str:
    title = _TITLE.search(text)
    return unescape((title[1] if title else "").strip() or _UNSEEN.sub(" ", text))


def _of_json(text: str) -> Sequence[str]:
    try:
        return tuple(_words(json.loads(text), 0))
    except (ValueError, RecursionError):
        return (text,)


def _words(value: Any, depth: int) -> Iterator[str]:
    """Every telling text of an error object, however it is nested."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth < 4:
        for item in value:
            yield from _words(item, depth + 1)
    elif isinstance(value, dict) and depth < 4:
        for key in _TELLING:
            yield from _words(value.get(key), depth + 1)


def _once(words: Iterable[str]) -> Sequence[str]:
    """The texts that are not blank, each one once."""
    return tuple(dict.fromkeys(text.strip() for text in words if text.strip()))
