"""One transaction of the plain store: the parts of a unit, put together."""

from tests.plain.conflicts import Conflicts
from tests.plain.due import DueMarks
from tests.plain.forgetting import Forgetting
from tests.plain.history import History
from tests.plain.journal import Journal
from tests.plain.links import Links
from tests.plain.orders import Orders
from tests.plain.pruning import Pruning
from tests.plain.records import Records
from tests.plain.settled import SettledLinks


class PlainUnit(
    DueMarks, SettledLinks, Links, Forgetting, Conflicts, Journal, Pruning, Records, History, Orders
):
    """Everything that one transaction of one pair can do; see the port `Unit`."""
