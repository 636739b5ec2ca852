"""The simulated Kore case management as an HTTP service.

Six calls, all POST under `/caseManagement/api/public/analytics/{streamId}/`. Reads and writes
follow the documents, what they leave open follows `KoreSwitches`.
"""

import json
from collections.abc import Mapping

from starlette.applications import Starlette

from bridge.sandbox.answers import Answer, Asked, JsonObject, Refusal
from bridge.sandbox.desk import application_of
from bridge.sandbox.kore.create import CaseClosed, new_case, new_task
from bridge.sandbox.kore.credentials import Claims, Credentials
from bridge.sandbox.kore.filters import names_in, tests_of
from bridge.sandbox.kore.listing import Page, page_of
from bridge.sandbox.kore.people_side import KorePeople
from bridge.sandbox.kore.record import Author, Record
from bridge.sandbox.kore.show import created_record, list_row, whole_record
from bridge.sandbox.kore.switches import KoreSwitches
from bridge.sandbox.kore.update import is_nothing, stamped, updated
from bridge.sandbox.kore.world import KoreWorld
from bridge.sandbox.moments import Clock
from bridge.sandbox.service import Operation

ROOT = "/caseManagement/api/public/analytics/{streamId}"
CALLS = {
    "getTasks": "getTasks",
    "getCases": "getCases",
    "createTask": "createTask",
    "createCase": "createCase",
    "updateTask": "updateTask/{id}",
    "updateCase": "updateCase/{id}",
}
WITHOUT_ACCOUNT = ("createTask", "createCase")


class KoreService(KorePeople):
    """One account of the simulated Kore; see `KorePeople` for what people do in it."""

    def __init__(self, switches: KoreSwitches, clock: Clock, port: int, seed: int) -> None:
        self.world = world = KoreWorld(seed)
        first = next(iter(world.agents.values()))
        self.author = Author(id=first.agent_id, name=first.name)
        self.credentials = Credentials(world.client_id, world.client_secret)
        self._claims: Claims = {}
        super().__init__(switches, clock, port)

    # ---- how to reach it --------------------------------------------------------------

    @property
    def url(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def stream_id(self) -> str:
        return self.world.stream_id

    @property
    def account_id(self) -> str:
        return self.world.account_id

    @property
    def client_id(self) -> str:
        return self.world.client_id

    @property
    def client_secret(self) -> str:
        return self.world.client_secret

    @property
    def task_template_id(self) -> str:
        return self.world.task_template_id

    @property
    def case_template_id(self) -> str:
        return self.world.case_template_id

    @property
    def app_user_id(self) -> str:
        """The `u-` id that stands as author of changes made through the API."""
        return self.world.app_user.id

    def signing_key_pem(self) -> str:
        """The private key a client signs with, for an algorithm that is not HS*."""
        pair = self.credentials.key_pair(self.switches.algorithm)
        return pair.as_pem(private=True).decode()

    def jwe_key_pem(self) -> str:
        """The public key a client wraps tokens with."""
        return self.credentials.key_pair("jwe").as_pem(private=False).decode()

    # ---- being a service --------------------------------------------------------------

    def application(self) -> Starlette:
        return application_of(self)

    def routes(self) -> list[tuple[str, str, str]]:
        return [("POST", f"{ROOT}/{path}", name) for name, path in CALLS.items()]

    def operations(self) -> Mapping[str, Operation]:
        return {
            "getTasks": self._get_tasks,
            "getCases": self._get_cases,
            "createTask": self._create_task,
            "createCase": self._create_case,
            "updateTask": self._update_task,
            "updateCase": self._update_case,
        }

    def authorise(self, asked: Asked) -> None:
        """Token, scope, stream, account and the headers that the switches demand."""
        switches = self.switches
        token = asked.headers.get("auth", "")
        self._claims = self.credentials.check(token, switches, self.time.now())
        if switches.scope == "missing":
            raise Refusal(switches.scope_status, "Scope missing")
        if asked.ids.get("streamId", self.stream_id) != self.stream_id:
            raise Refusal(switches.not_found_status, "Stream not found")
        account = asked.headers.get("accountid")
        if account != self.account_id and not (
            account is None and asked.operation in WITHOUT_ACCOUNT
        ):
            raise Refusal(400, "AccountId is missing or not known")
        for name in sorted(switches.headers_required):
            if name.lower() not in asked.headers:
                raise Refusal(400, f"Header {name} is missing")

    def refused(self, refusal: Refusal) -> Refusal:
        """A plain 400 under the status that the switch names."""
        if refusal.status != 400 or isinstance(refusal, CaseClosed):
            return refusal
        return Refusal(self.switches.bad_request_status, refusal.message)

    def error_payload(self, refusal: Refusal) -> JsonObject:
        return {"errors": [{"msg": refusal.message, "code": refusal.status}]}

    def rows_passed(self, asked: Asked) -> int | None:
        if asked.operation not in ("getTasks", "getCases"):
            return None
        try:
            return int(json.loads(asked.body).get("skip", 0))
        except (ValueError, AttributeError, TypeError):
            return None

    # ---- operations -------------------------------------------------------------------

    def _get_tasks(self, asked: Asked) -> Answer:
        body, switches = asked.object(), self.switches
        columns = frozenset(names_in(body, "selectedColumns") or ())
        if columns and switches.selected_columns == "refused":
            raise Refusal(400, "selectedColumns is not valid")
        page = self._page(asked, body, is_case=False)
        rows = [list_row(record, self.world, switches, columns) for record in page.records]
        return Answer(payload=page.wire(rows, switches))

    def _get_cases(self, asked: Asked) -> Answer:
        page = self._page(asked, asked.object(), is_case=True)
        rows = [whole_record(record, self.world, self.switches) for record in page.records]
        return Answer(payload=page.wire(rows, self.switches))

    def _page(self, asked: Asked, body: JsonObject, *, is_case: bool) -> Page:
        world, switches, now = self.world, self.switches, self.time.now()
        offset = _offset_minutes(asked)
        caller = str(self._claims.get("sub", ""))
        tests = tests_of(body, world, switches, offset, caller)
        if body.get("searchText") and switches.search_withholds_seconds > 0:
            newest = now - switches.search_withholds_seconds * 1000
            tests.append(lambda record: record.updated_ms <= newest)
        name = body.get("name")
        if is_case and name and switches.case_name_filter == "narrows":
            tests.append(lambda record: record.name == name)
        return page_of(world.cases if is_case else world.tasks, body, tests, switches, now)

    def _create_task(self, asked: Asked) -> Answer:
        made = new_task(self.world, asked.object(), self.switches, self._by(), self.time.stamp())
        return self._created(made)

    def _create_case(self, asked: Asked) -> Answer:
        made = new_case(self.world, asked.object(), self.switches, self._by(), self.time.stamp())
        return self._created(made)

    def _created(self, made: Record) -> Answer:
        switches = self.switches
        if switches.create_answer == "nothing":
            return Answer(status=switches.create_status)
        payload = {"_id": made.id}
        if switches.create_answer == "task":
            payload = created_record(made, self.world, switches)
        return Answer(status=switches.create_status, payload=payload)

    def _update_task(self, asked: Asked) -> Answer:
        record = self.world.tasks.rows.get(asked.ids["id"])
        if record is None:
            raise Refusal(self.switches.not_found_status, "Task not found")
        if self.world.is_closed(record.case_id):
            raise CaseClosed(self.switches.closed_case_status, "The case is closed")
        after = self._after(record, asked)
        if after is not record:
            self.world.put_task(after)
        return Answer(payload=whole_record(after, self.world, self.switches))

    def _update_case(self, asked: Asked) -> Answer:
        record = self.world.cases.rows.get(asked.ids["id"])
        if record is None:
            raise Refusal(self.switches.not_found_status, "Case not found")
        after = self._after(record, asked)
        if after is not record:
            self.world.put_case(after)
        return Answer(payload=whole_record(after, self.world, self.switches))

    def _after(self, record: Record, asked: Asked) -> Record:
        """The record after the body; the same one if nothing was asked for."""
        body, at = asked.object(), self.time.stamp()
        if is_nothing(body, self.switches):
            return record
        return stamped(updated(record, body, self.world, self.switches, at), self._by(), at)

    def _by(self) -> Author | None:
        """Who stands as author of a change made through the API."""
        if self.switches.api_author == "absent":
            return None
        if self.switches.api_author == "subject":
            subject = str(self._claims.get("sub", ""))
            return Author(id=subject, name=subject)
        return self.world.app_user


def _offset_minutes(asked: Asked) -> int:
    try:
        return int(asked.headers.get("x-timezone-offset", "0"))
    except ValueError:
        raise Refusal(400, "X-Timezone-Offset is not a number") from None
