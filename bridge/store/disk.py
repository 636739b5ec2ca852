"""Bringing what was committed to the disk: once for all who wait for it at the same moment.

What is committed stands in the log beside the database. To sync the log is what SQLite does at the
end of each commit with `synchronous = FULL`; done after the commit it holds nobody up who wants to
write meanwhile, and one sync does for all who have committed before it began. The log holds
transactions in their order: with the last one all before it are on the disk.
"""

import os
import threading
from pathlib import Path

from bridge.errors import StoreError
from bridge.store.faults import DISK


class Disk:
    """The way to the disk of one database file; threads share it."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._log = database.with_name(f"{database.name}-wal")
        self._at_work = threading.Lock()
        self._begun = 0
        self._reached = 0
        self._failed = 0

    def reach(self) -> None:
        """Return once all that was committed before is on the disk. Raises StoreError."""
        before, failed = self._begun, self._failed
        with self._at_work:
            if self._failed > failed:
                # What a system could not write it forgets and tells once: a sync that ends well
                # after that says nothing of what was to be written then.
                raise self._error()
            if self._reached > before:
                return  # a sync that began since then has ended well
            self._begun += 1
            self._sync()
            self._reached = self._begun

    def _sync(self) -> None:
        try:
            log = os.open(self._log, os.O_RDWR)
        except FileNotFoundError:
            return  # whoever closed the database last brought all of it into the file
        try:
            os.fsync(log)
        except OSError as error:
            self._failed += 1
            raise self._error() from error
        finally:
            os.close(log)

    def _error(self) -> StoreError:
        return StoreError(f"{self._database} {DISK}")
