"""What a side's list shows, sorts and hides, and what its clock says; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bridge.domain.agreement import Agreement
from bridge.domain.finding import FieldSight, Finding, Seen, fail, ok, warn
from bridge.domain.policy import MergePolicy, Unobserved
from bridge.domain.reading import ProbeForm
from bridge.domain.sample import Sample
from bridge.domain.side import Field, Side

GRAIN_SECONDS = 2.0  # `Date` counts whole seconds, and an answer is under way for a moment


def judge_list(sample: Sample, call_seconds: float = 0.0) -> Iterator[Finding]:
    """What was read of the list, and whether its sort can be relied on.

    `call_seconds`: how long the limits make one call take.
    """
    label, count = sample.side.label, len(sample.tasks)
    pages = "1 page" if sample.pages == 1 else f"{sample.pages} pages"
    if sample.is_all:
        found = f"all {count} tasks looked at, on {pages}"
    else:
        of = f" of {sample.total}" if sample.total else ""
        found = f"the newest {count}{of} tasks looked at, on {pages}; what others show is not known"
    yield ok(f"{label} list", found)
    for reason in dict.fromkeys(sample.unreadable):
        yield fail(f"{label} list", f"a record cannot be read: {reason}", "Look at that record.")
    yield _sort(sample, call_seconds)


def _sort(sample: Sample, call_seconds: float) -> Finding:
    what = f"{sample.side.label} sort"
    if sample.is_sorted:
        return ok(what, "by change time, newest and oldest first")
    why = "could not be proved" if sample.is_sorted is None else "is not by change time"
    calls = sample.calls_of_list
    lag = f" by up to {_duration(calls * call_seconds)}" if call_seconds and calls > 1 else ""
    return warn(
        what,
        f"{why}; every poll reads the whole list, as often as the calls allow",
        f"Expect changes to show up later{lag}." if not sample.is_all else "",
    )


def spoils_tokens(skew_seconds: float, token_seconds: float) -> bool:
    """Whether a service whose clock is so far ahead of ours takes our tokens for too old or new."""
    return skew_seconds < -GRAIN_SECONDS or skew_seconds > token_seconds - GRAIN_SECONDS


def judge_clock(sample: Sample, token_seconds: float, tolerance_seconds: float) -> Finding:
    """Whether the service's clock is near enough to ours for tokens and for the order of changes.

    `token_seconds`: how long a token of ours is good; 0 where there are none.
    """
    what, skew = f"{sample.side.label} clock", sample.skew_seconds
    if skew is None:
        return warn(what, "it sends no Date, so nobody knows", "Keep this machine's clock right.")
    way = "ahead of" if skew > 0 else "behind"
    found = f"{abs(skew):.0f} s {way} ours"
    if token_seconds and spoils_tokens(skew, token_seconds):
        return fail(what, f"{found}: our tokens may be refused", "Set this machine's clock.")
    if abs(skew) > max(tolerance_seconds, GRAIN_SECONDS):
        return warn(what, f"{found}; it is measured and taken off", "Set this machine's clock.")
    return ok(what, found if abs(skew) > GRAIN_SECONDS else "as ours")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What calls cost: how long the limits make one take, and whether many probes are asked for.

    `asks_from`: from how many probes on a backfill asks a person first; None where it never does.
    """

    seconds: float = 0.0
    asks_from: int | None = None


def sights_of(sample: Sample, agreement: Agreement, policy: MergePolicy) -> Iterator[FieldSight]:
    """How each field that is carried can be seen, and in how many calls; of no task none."""
    for name in agreement.fields if sample.tasks else ():
        hiding, is_asked = sample.hiding(name), sample.unasked is not None
        is_probed = bool(hiding) and _can_probe(sample, policy)
        seen = Seen.LISTED
        if hiding:
            seen = Seen.BY_PROBE if is_probed else Seen.NEVER
        elif is_asked and name not in (sample.unasked or ()):
            seen = Seen.AFTER_ASKING
        yield FieldSight(
            side=sample.side,
            name=name,
            seen=seen,
            hiding=hiding,
            calls=sample.to_probe if is_probed else 0,
            is_tried=not is_probed or sample.probe_form is not ProbeForm.UNTRIED,
        )


def judge_hidden(
    sample: Sample, sights: Sequence[FieldSight], policy: MergePolicy, calls: Calls
) -> Iterator[Finding]:
    """Which fields the list hides, how each can be seen, and what that costs in calls."""
    for one in sights:
        what = f"{one.side.label} shows {one.name}"
        where = f"hidden in {one.hiding} of {len(sample.tasks)} tasks"
        if one.seen is Seen.LISTED:
            yield ok(what, "listed")
        elif one.seen is Seen.AFTER_ASKING:
            yield ok(what, "after asking: by selectedColumns, in the calls that list it")
        elif one.side is Side.V2:
            yield warn(what, f"{where}, never seen there")
        else:
            yield _unlisted(what, f"{where}, though asked for", one, policy)
    if any(one.seen is Seen.BY_PROBE for one in sights):
        yield _cost(sample, calls)


def _unlisted(what: str, where: str, sight: FieldSight, policy: MergePolicy) -> Finding:
    if sight.seen is Seen.BY_PROBE:
        return warn(what, f"{where}: seen by probe{'' if sight.is_tried else ', not tried'}")
    if policy.unobserved is Unobserved.WRITE:
        return warn(what, f"{where}: never seen; what is known of it last is written over")
    return warn(what, f"{where}: never seen; changes of it wait", "See kore.unobserved.")


def _can_probe(sample: Sample, policy: MergePolicy) -> bool:
    if sample.side is not Side.KORE or sample.probe_form is ProbeForm.REFUSED:
        return False
    return policy.unobserved is Unobserved.PROBE


def _cost(sample: Sample, calls: Calls) -> Finding:
    count = sample.to_probe
    least = "" if sample.is_all or sample.total else "at least "
    takes = f", {_duration(count * calls.seconds)} by kore.limits" if calls.seconds else ""
    known = f" ({sample.seen_whole} were seen whole before)" if sample.seen_whole else ""
    found = (
        f"one call for each task before its counterpart is created, {least}{count} calls{takes}"
        f"{known}; then one for each change of a task. A probe is an update of nothing, and may "
        "move the change time"
    )
    without = 'To do without: kore.unobserved = "hold" or "write".'
    if calls.asks_from is None or count <= calls.asks_from:
        return warn("Kore probes", found, without)
    return warn(
        "Kore probes",
        f"{found}. They are more than {calls.asks_from}, and kore.unobserved is not set: a "
        "backfill asks before it sends them",
        f'To send them unasked: kore.unobserved = "probe". {without}',
    )


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"about {seconds:.0f} s"
    return f"about {seconds / 60:.0f} min" if seconds < 5400 else f"about {seconds / 3600:.1f} h"


def judge_backlink(sample: Sample, policy: MergePolicy, tags_origin: bool) -> Iterator[Finding]:
    """Where Kore shows no marker, a tag on the v2 origin has to stand for it."""
    is_hidden = sample.hiding(Field.DESCRIPTION) > 0
    if not is_hidden or _can_probe(sample, policy) or not policy.direction.may_write(Side.KORE):
        return
    if tags_origin:
        yield ok("v2.backlink", "v2 origins are tagged, since Kore shows no marker")
        return
    yield fail(
        "v2.backlink",
        "Kore's list hides descriptions and is not probed, so a marker there is never seen",
        'Set v2.backlink = "tag".',
    )
