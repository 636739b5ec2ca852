"""Switches that both simulated services have.

Each field stands for a fact about the services; its comment says whether that fact is
documented, observed or unknown. Defaults are the documented form, not the kind one.
"""

from dataclasses import dataclass
from typing import Literal

from bridge.sandbox.limits import Windows

Precision = Literal["milliseconds", "seconds"]
TextStored = Literal["as_sent", "line_feeds", "trailing_blanks_cut", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonSwitches:
    """How a service keeps time, limits calls, cuts texts and words its failures."""

    # Unknown: how far the service's clock is ahead of ours; its Date header, its time stamps
    # and its token checks all use it.
    clock_skew_seconds: float = 0.0
    # Samples show milliseconds; a service that keeps whole seconds puts many changes into one.
    time_precision: Precision = "milliseconds"
    # Windows of (calls, seconds), all of them counted at once; () is no limit.
    limits: Windows = ()
    # Unknown (Kore) or observed both ways (v2): what a 429 says about waiting.
    retry_after: Literal["seconds", "date", "alternating", "none"] = "seconds"
    # Unknown: the wording of a 429; clients must go by the status.
    rate_wording: str = "Too many requests"
    # Unknown: the body of an error; a gateway in front may answer HTML or plain text.
    error_shape: Literal["json", "html", "plain"] = "json"
    # Unknown: a gateway that turns every answer into a page or an error object with status 200.
    gateway: Literal["off", "html_200", "error_object_200"] = "off"
    # Unknown: how long a list goes on showing rows as they were before a change.
    rows_late_seconds: float = 0.0
    # Observed (v2), unknown (Kore): a page after the first repeats this many rows.
    page_overlap: int = 0
    # Unknown (Kore), observed on sister endpoints (v2): most rows on a page; None is what is asked.
    page_cap: int | None = None
    # Unknown: the longest title taken, and whether a longer one is cut or refused.
    title_longest: int | None = None
    # Unknown: the longest description taken.
    text_longest: int | None = None
    # Unknown: what happens to a title or description that is longer.
    too_long: Literal["cut", "refused"] = "cut"
    # Unknown: whether a text is stored as it was sent.
    text_stored: TextStored = "as_sent"
    # Observed elsewhere in v2: fields of an update that vanish with a success status.
    ignored_fields: frozenset[str] = frozenset()
    # Unknown: fields of an update that make it a 400.
    refused_fields: frozenset[str] = frozenset()
    # Unknown: whether the tags of an update replace the list or add to it.
    tags_update: Literal["replace", "add"] = "replace"
