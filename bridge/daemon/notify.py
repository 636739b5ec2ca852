"""Telling a command of the operator what needs people: once when it begins, once when it is over.

The command gets one JSON object on its standard input: {"pair", "event": "begun" or "over", "name",
"text", "since", "at"}; names are guard:KIND:SIDE, paused:SIDE, refused:SIDE, sweep:SIDE and
waits:REASON. What was told is kept, so that a restart repeats nothing. A command that fails is
asked again with the next tick, and that is logged once.
"""

import json
import subprocess
from collections.abc import Mapping

from bridge.bootstrap import Bridge
from bridge.daemon.said import Said
from bridge.domain.notice import Circumstances, Notice, notices_of
from bridge.domain.side import SIDES
from bridge.domain.values import as_text
from bridge.logs import logger

MOST_SECONDS = 10.0


class Notifier:
    """Tells what began and what is over since it last looked; nothing without a command."""

    def __init__(self, bridge: Bridge, said: Said) -> None:
        self._bridge = bridge
        self._said = said
        self._log = logger("bridge.daemon")

    def look(self) -> None:
        """Tell what is new. Raises StoreError."""
        if not self._bridge.settings.notify.command:
            return
        now, told = self._notices()
        for name in now.keys() - told.keys():
            if self._run("begun", now[name]):
                with self._bridge.store.begin() as unit:
                    unit.save_notice(now[name], self._bridge.clock.now())
        for name in told.keys() - now.keys():
            if self._run("over", told[name]):
                with self._bridge.store.begin() as unit:
                    unit.drop_notice(name)

    def _notices(self) -> tuple[Mapping[str, Notice], Mapping[str, Notice]]:
        """What holds now, and what was told, by name."""
        after_seconds = self._bridge.settings.notify.after_seconds
        with self._bridge.store.look() as unit:
            circumstances = Circumstances(
                guards=unit.guards(),
                paused=unit.pair_state().paused,
                states=[unit.side_state(side) for side in SIDES],
                sweeps={side: unit.last_sweep(side) for side in SIDES},
                oldest_waits=unit.oldest_waits(),
            )
            told = {one.name: one for one in unit.notices()}
        found = notices_of(circumstances, self._bridge.clock.now(), after_seconds)
        return {one.name: one for one in found}, told

    def _run(self, event: str, notice: Notice) -> bool:
        """Run the command; whether it took the notice."""
        facts = {
            "pair": self._bridge.settings.name,
            "event": event,
            "name": notice.name,
            "text": notice.text,
            "since": as_text(notice.since) if notice.since else None,
            "at": as_text(self._bridge.clock.now()),
        }
        try:
            subprocess.run(  # noqa: S603 - the words are the operator's own configuration
                list(self._bridge.settings.notify.command),
                input=json.dumps(facts),
                text=True,
                check=True,
                timeout=MOST_SECONDS,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        except (OSError, subprocess.SubprocessError) as error:
            if self._said.begins("notify"):
                self._log.error("notify.command failed", reason=_reason(error))
            return False
        if self._said.ends("notify") is not None:
            self._log.info("notify.command works again")
        return True


def _reason(error: Exception) -> str:
    """Why it failed, without its words: they may hold a secret."""
    match error:
        case subprocess.CalledProcessError():
            return f"it ended with {error.returncode}"
        case subprocess.TimeoutExpired():
            return f"it took longer than {MOST_SECONDS:g} s"
        case OSError():
            return f"it cannot be started: {error.strerror}"
    return type(error).__name__
