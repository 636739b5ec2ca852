"""One transaction of the store: everything that the steps read and write of a pair."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from bridge.domain.guard import Guard, GuardKind
from bridge.domain.instruction import Instruction, InstructionKind, InstructionOutcome
from bridge.domain.link import Link, LinkState
from bridge.domain.operation import Journalled, Operation, Outcome, Wait, WaitKind, WriteRequest
from bridge.domain.reading import SideState, Sweep
from bridge.domain.recall import LostUpdate
from bridge.domain.records import Happening, Heartbeat, Lease, PairState, Run
from bridge.domain.side import Field, LinkId, OperationId, Side, TaskId
from bridge.domain.task import Known, Standing
from bridge.domain.values import Observed, ShownText
from bridge.domain.vocabulary import Vocabulary, Word
from bridge.ports.view import LinkView

Period: TypeAlias = tuple[datetime, datetime]


class Unit(Protocol):
    """One transaction of the store; committed at the end of its block, undone by an exception.

    Everything is of one pair. Times come from the caller's clock.
    """

    # observations
    def digests(self, side: Side, ids: Collection[str]) -> Mapping[str, str]:
        """The stored digest of each of these tasks that is known."""

    def known(self, side: Side, ids: Collection[str]) -> Mapping[str, Known]:
        """What is known of each of these tasks."""

    def save_known(self, items: Iterable[Known]) -> None:
        """Store observations with their standing; facts are kept only while unlinked."""

    def set_standing(self, side: Side, ids: Collection[str], standing: Standing) -> None:
        """These tasks stand so now, for no reason that is told; what else is known stays."""

    def mark_due(self, side: Side, ids: Collection[str]) -> None:
        """Mark the links of these tasks, or the unlinked tasks themselves, as due."""

    def clear_due_task(self, side: Side, task_id: TaskId) -> None:
        """An unlinked task is decided."""

    def due_tasks(
        self, side: Side, limit: int, after: str = "", *, only: Collection[str] | None = None
    ) -> Sequence[Known]:
        """Unlinked tasks that are due, by id, those after `after`; `only` those, if given."""

    def unlinked(
        self, side: Side, standings: Collection[Standing] = (), after: str = ""
    ) -> Iterator[Known]:
        """All unlinked tasks of a side, or those of the standings, by id, those after `after`."""

    def tagged(self) -> Iterator[Known]:
        """The unlinked tasks of v2 that a tag of theirs may say was created in Kore, by id."""

    def unlinked_titled(
        self, side: Side, titles: Collection[str], created: Period | None = None
    ) -> Sequence[Known]:
        """Unlinked tasks whose title's key is one of these, created then or nobody knows when."""

    def bearers(self, origin: Side, origin_id: TaskId) -> Sequence[Known]:
        """The tasks, linked or not, whose marker names that task."""

    def has_made(self, side: Side, author: str | None, before: datetime | None) -> bool:
        """Whether that user made a task there (before then) that bears the other side's marker."""

    def count_tasks(self, side: Side) -> int:
        """How many tasks of a side are known."""

    def set_gone(self, side: Side, ids: Collection[str], at: datetime) -> None:
        """These tasks are gone: neither due nor counted, until they are seen again."""

    def find_task(self, reference: str) -> Sequence[Known]:
        """Tasks of either side by id or reference."""

    # links
    def link(self, link_id: LinkId) -> LinkView | None:
        """A link with its tasks and waits."""

    def links_of(self, side: Side, ids: Collection[str]) -> Mapping[str, Link]:
        """The link of each of these tasks that has one."""

    def due_links(
        self,
        limit: int,
        after: LinkId,
        state: LinkState = LinkState.LINKED,
        *,
        only: Collection[LinkId] | None = None,
    ) -> Sequence[LinkView]:
        """Links of that state that are due, by id, those after `after`; `only` those, if given."""

    def links_in(self, state: LinkState) -> Mapping[LinkId, Side | None]:
        """The links of a state, by id, each with the side whose task is gone."""

    def all_links(self, but: Collection[LinkId] = ()) -> Iterator[LinkView]:
        """Every link, by id, without these."""

    def count_links(self) -> Mapping[LinkState, int]:
        """How many links there are, by state."""

    def count_in_step(self) -> int:
        """How many linked pairs neither wait nor are due."""

    def settled_links(self, names: Collection[Field]) -> Mapping[LinkId, Mapping[Side, TaskId]]:
        """Linked pairs, neither due nor waiting, that were read and show what they agreed on."""

    def count_texts(
        self, side: Side, names: Sequence[Field], link_ids: Collection[LinkId]
    ) -> Mapping[Field, Mapping[ShownText, int]]:
        """How many tasks of these links show which text in each of the fields on that side."""

    def add_link(self, link: Link) -> LinkId:
        """Store a new link; raises StoreError if either task has one already."""

    def save_link(self, link: Link) -> None:
        """Store a changed link."""

    def set_due(self, link_id: LinkId, is_due: bool) -> None:
        """Mark a link as due, or clear the mark."""

    def set_all_due(self) -> None:
        """Mark every link and every undecided task as due (settings or tables changed)."""

    def drop_link(self, link_id: LinkId) -> None:
        """Take back a link in state `creating` whose create was refused."""

    def forget_texts(self, link_id: LinkId) -> None:
        """Take every text of the link's tasks out of the database; none is stored from then on.

        What its files still show is gone once they are wiped: the pair is due for pruning again.
        """

    def keep_texts(self, side: Side, task_id: TaskId) -> bool:
        """Store texts of that task again; gives whether they were forgotten."""

    def forgotten(self, side: Side, ids: Collection[str]) -> frozenset[str]:
        """Those of the tasks whose texts a person had forgotten."""

    # what waits
    def count_waits(self) -> Mapping[WaitKind, int]:
        """How many fields and tasks wait, by reason; tasks on hold count by their standing."""

    def count_standing(self, standing: Standing, side: Side | None = None) -> int:
        """How many unlinked tasks stand so."""

    def count_standings(self, standings: Collection[Standing]) -> Mapping[Standing, int]:
        """How many unlinked tasks of both sides stand so, for each of these."""

    def waits(self, kinds: Collection[WaitKind] = ()) -> Sequence[Wait]:
        """Everything that waits, or what waits for these reasons, oldest first."""

    def waits_by_id(self, numbers: Collection[int]) -> Sequence[Wait]:
        """What waits under these ids; nothing for those under which nothing waits any more."""

    def unread(self) -> Sequence[Wait]:
        """The tasks whose record could not be read when it was last shown, oldest first."""

    def waits_until(self, waits_for: str) -> Sequence[Wait]:
        """Whatever waits for just that, oldest first."""

    def replace_waits(
        self,
        waits: Sequence[Wait],
        *,
        link_id: LinkId | None = None,
        task: tuple[Side, TaskId] | None = None,
        at: datetime,
    ) -> None:
        """What waits now on a link or task, instead of what did; same waits keep id and since."""

    def waiting_for(self, words: Iterable[Word]) -> None:
        """Mark as due whatever waits for one of these words."""

    # the journal
    def commit_operation(
        self,
        operation: Operation,
        request: WriteRequest,
        *,
        run_id: int,
        token: int,
        at: datetime,
        parent_id: OperationId | None = None,
    ) -> OperationId:
        """Write an operation down, whole request included, before it is sent."""

    def mark_sent(self, operation_id: OperationId, *, token: int, at: datetime) -> None:
        """It is about to leave; raises LeaseTaken if the lease is over, or its token another."""

    def settle(self, operation_id: OperationId, outcome: Outcome, note: str, at: datetime) -> None:
        """It is over."""

    def leave_open(
        self,
        operation_id: OperationId,
        note: str,
        *,
        settles_at: datetime,
        is_success: bool = False,
    ) -> None:
        """It was sent, and what came of it is not known: it stays open with outcome UNCERTAIN."""

    def lost_updates(self, link_ids: Collection[int]) -> Mapping[LinkId, Sequence[LostUpdate]]:
        """The updates of these links whose answer never came, open or given up, oldest first."""

    def open_operations(self) -> Sequence[Journalled]:
        """Operations that are not settled, oldest first."""

    def operations_of(self, run_id: int) -> Sequence[Journalled]:
        """The operations of a run, oldest first."""

    def last_values(self, link_id: LinkId, side: Side) -> Mapping[Field, Sequence[Observed]]:
        """The values that done updates wrote to that side of a link, newest first."""

    def done_updates(self, link_id: LinkId, since: datetime) -> Sequence[Operation]:
        """The updates of either side of a link that were settled as done since, oldest first."""

    # reading
    def side_state(self, side: Side) -> SideState:
        """What is remembered of a side."""

    def save_side_state(self, state: SideState) -> None:
        """Remember it."""

    def open_sweep(self, side: Side) -> Sweep | None:
        """The sweep under way."""

    def last_sweep(self, side: Side) -> Sweep | None:
        """The last one that was read to its end."""

    def complete_sweeps(self, side: Side) -> Sequence[Sweep]:
        """The two newest complete ones, the newest first."""

    def save_sweep(self, sweep: Sweep) -> Sweep:
        """Store a sweep; a new one gets its id."""

    def mark_seen(self, sweep_id: int, side: Side, ids: Collection[str]) -> None:
        """These tasks were seen by the sweep: a bit for each."""

    def pass_marks_on(self, sweep_id: int, to: int) -> None:
        """What one sweep has seen counts as seen by an older one, too."""

    def unseen(self, side: Side, sweep_ids: Collection[int]) -> frozenset[str]:
        """The tasks that are not gone and that none of these sweeps has seen."""

    def unseen_titled(self, side: Side, titles: Collection[str]) -> Sequence[Known]:
        """Linked tasks of one of these titles that the last complete sweep did not see, or later.

        An answered write to a task shows it. None where there is no such sweep.
        """

    def forget_reading(self, side: Side) -> None:
        """Forget how far a side was read: its sweeps with their marks."""

    def seen_ids(self, sweep_id: int, side: Side) -> Iterator[str]:
        """The tasks that the sweep has seen, one by one, as they were first known."""

    # words, pair, runs, history
    def vocabulary(self) -> Vocabulary:
        """All words learnt."""

    def learn(self, words: Iterable[Word], at: datetime) -> None:
        """Keep these words."""

    def pair_state(self) -> PairState:
        """What is remembered of the pair."""

    def save_pair_state(self, state: PairState) -> None:
        """Remember it."""

    def start_run(self, kind: str, at: datetime) -> int:
        """Begin a run; gives its id."""

    def finish_run(
        self, run_id: int, summary: Mapping[str, Any], totals: Mapping[str, int], at: datetime
    ) -> None:
        """End a run with what it did."""

    def last_run(self, kind: str | None = None) -> Run | None:
        """The newest ended run, of a kind if given."""

    def totals_since(self, since: datetime) -> Sequence[tuple[datetime, Mapping[str, int]]]:
        """When each run that read a side whole ended since then, and its totals; oldest first."""

    def remember(self, happenings: Iterable[Happening], run_id: int, at: datetime) -> None:
        """Add to the history."""

    def history(self, link_id: LinkId) -> Sequence[Happening]:
        """The history of a link, oldest first."""

    def prune(self, before: datetime, limit: int) -> int:
        """Take out so many rows of history, runs and journal that are older; 0 if none is left."""

    def save_conflict(
        self,
        link_id: LinkId,
        name: Field,
        values: Mapping[str, Any],
        *,
        rule: str,
        winner: Side | None,
        at: datetime,
        is_written: bool = True,
    ) -> int:
        """Keep a conflict with both values, its base and how it was decided; gives its id.

        One that has a winner and is not written yet is in neither list.
        """

    def settle_written(self, link_id: LinkId, names: Collection[Field], at: datetime) -> None:
        """Conflicts that were decided and not written yet: a look showed that they are."""

    def conflicts(self, *, is_settled: bool) -> Sequence[Mapping[str, Any]]:
        """Conflicts that wait for a person, or the settled ones."""

    def conflict(self, conflict_id: int) -> Mapping[str, Any] | None:
        """A conflict, open or settled."""

    def turn_conflict(self, conflict_id: int, rule: str, winner: Side, at: datetime) -> None:
        """A settled conflict has another winner: the value that was lost was taken back."""

    # what people tell the bridge to do, and what stands guard
    def give_instruction(
        self, kind: InstructionKind, details: Mapping[str, Any], *, by: str, at: datetime
    ) -> int:
        """Write an instruction down for whoever holds the lease next; gives its id."""

    def open_instructions(self) -> Sequence[Instruction]:
        """Instructions that are not carried out yet, oldest first."""

    def instruction(self, instruction_id: int) -> Instruction | None:
        """An instruction, carried out or not."""

    def close_instruction(
        self, instruction_id: int, outcome: InstructionOutcome, note: str, at: datetime
    ) -> None:
        """It is carried out, or cannot be."""

    def guards(self) -> Sequence[Guard]:
        """Every guard that is remembered: those that stand, and those that were confirmed."""

    def save_guard(self, guard: Guard) -> None:
        """Remember it; there is one of a kind for each side."""

    def drop_guard(self, kind: GuardKind, side: Side | None) -> None:
        """Its cause is over; what was confirmed is forgotten."""

    # the life of one task
    def story(
        self, tasks: Collection[tuple[Side, TaskId]], link_id: LinkId | None
    ) -> Sequence[Happening]:
        """Everything that is remembered of these tasks and their link, oldest first."""

    def operations_about(self, link_ids: Collection[LinkId]) -> Sequence[Journalled]:
        """All writes in the journal for these links, living or dropped, oldest first."""

    def waits_on_task(self, side: Side, task_id: TaskId) -> Sequence[Wait]:
        """What waits on a task by itself."""

    def conflicts_of(self, link_id: LinkId) -> Sequence[Mapping[str, Any]]:
        """The conflicts of a link, decided or not, oldest first."""

    def is_link_due(self, link_id: LinkId) -> bool:
        """Whether the next merge looks at the link."""

    def is_task_due(self, side: Side, task_id: TaskId) -> bool:
        """Whether the next cycle decides the task anew."""

    def was_seen(self, sweep_id: int, side: Side, task_id: TaskId) -> bool:
        """Whether the sweep has seen the task."""

    # lease and heartbeat
    def take_lease(self, owner: str, at: datetime, seconds: float, *, over: str = "") -> Lease:
        """Take or renew it; raises LeaseTaken if another's is not over. That of `over` is gone."""

    def want_lease(self, owner: str, at: datetime) -> None:
        """Say that somebody waits for the lease."""

    def release_lease(self, owner: str) -> None:
        """Offer it to others; the token stays."""

    def lease(self) -> Lease | None:
        """The lease as it stands."""

    def beat(self, heartbeat: Heartbeat) -> None:
        """The daemon is alive."""

    def heartbeat(self) -> Heartbeat | None:
        """The daemon's last sign of life."""

    def end_heartbeat(self, owner: str) -> None:
        """The daemon ends on purpose."""
