"""One transaction of the store: the parts of a unit, put together."""

from bridge.store.conflicts import ConflictRows
from bridge.store.due import DueMarks
from bridge.store.forgetting import Forgetting
from bridge.store.guards import GuardRows
from bridge.store.heartbeat import HeartbeatRow
from bridge.store.history import HistoryRows
from bridge.store.instructions import InstructionRows
from bridge.store.journal import Journal
from bridge.store.lives import LifeRows
from bridge.store.marks import MarkRows
from bridge.store.notices import NoticeRows
from bridge.store.pages import PageRows
from bridge.store.pairs import PairRow
from bridge.store.prune import Pruning
from bridge.store.runs import RunRows
from bridge.store.settled import SettledLinks
from bridge.store.sides import SideRows
from bridge.store.views import LinkViews
from bridge.store.words import WordRows


class SqlUnit(
    PageRows,
    LinkViews,
    SettledLinks,
    MarkRows,
    LifeRows,
    Forgetting,
    DueMarks,
    ConflictRows,
    Journal,
    Pruning,
    SideRows,
    WordRows,
    PairRow,
    RunRows,
    HistoryRows,
    HeartbeatRow,
    InstructionRows,
    GuardRows,
    NoticeRows,
):
    """Everything that one transaction of one pair can do; see the port `Unit`."""
