"""One client serves all workers of a side at once."""

from concurrent.futures import ThreadPoolExecutor

from bridge.domain.exchange import Order, Purpose
from bridge.domain.reading import ProbeForm
from bridge.domain.side import TaskId
from bridge.ports import Service
from tests.services.sandboxes import World


def test_both_clients_fulfil_the_port(world: World) -> None:
    services: list[Service] = [world.kore(), world.v2()]
    assert [service.reads_one for service in services] == [False, True]


def test_many_threads_read_and_write_through_one_client(world: World) -> None:
    world.set_kore(jti="required")
    case = world.kore_side.add_case(name="C")
    task_ids = [TaskId(world.kore_side.add_task(case_id=case, name=f"T{n}")) for n in range(20)]
    service = world.kore(timeout_seconds=20)

    def work(number: int) -> str | None:
        if number % 2:
            page = service.page(Order.STABLE, number % 20, purpose=Purpose.SWEEP, limit=1)
            return page.rows[0].normalise().title
        answer = service.send(service.draft_probe(task_ids[number % 20], ProbeForm.EMPTY))
        return answer.task.title if answer.task else None

    with ThreadPoolExecutor(20) as workers:
        titles = list(workers.map(work, range(100)))
    assert titles == [f"T{number % 20}" for number in range(100)]
    assert len(world.bench.ear.details("request")) == 100


def test_a_closed_client_is_closed_for_good(world: World) -> None:
    service = world.v2()
    service.page(Order.STABLE, 0, purpose=Purpose.POLL)
    service.close()
    service.close()
