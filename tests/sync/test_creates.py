"""What a created counterpart carries beside the six fields."""

from pathlib import Path

from bridge.domain.side import Side
from bridge.sandbox import KoreSwitches
from tests.sync.world import a_world


def test_the_contact_of_the_case_reaches_the_field_team(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        case_id = next(iter(world.kore.cases))
        mine = world.kore.add_task(case_id=case_id, name="Look at the boiler", desc="")
        world.sync()
        created = world.counterpart(Side.KORE, mine)
        assert created["contactPerson"] == "Ada Winter"
        assert created["email"] == "ada.winter@example.com"
        assert created["telephone"] == "+4912345"


def test_the_marker_shows_the_case_to_the_field_team(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        case_id = next(iter(world.kore.cases))
        mine = world.kore.add_task(case_id=case_id, name="Look at the boiler", desc="Cold.")
        world.sync()
        text = world.counterpart(Side.KORE, mine)["description"]
        ref = world.kore.tasks[mine]["refId"]
        case_ref = world.kore.cases[case_id]["refId"]
        marker = f"[task-bridge kore:{ref} {mine} case {case_ref}: Broken boiler]"
        assert text == f"Cold.\n\n{marker}"


def test_a_v2_task_is_created_in_the_case_that_its_route_names(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        theirs = world.v2.add_task(
            title="Bring a ladder",
            description="Long one",
            contact_person="Ben Field",
            email="ben.field@example.com",
        )
        world.sync()
        created = world.counterpart(Side.V2, theirs)
        assert created["caseId"] == next(iter(world.kore.cases))
        assert created["userInfo"]["name"] == "Ben Field"
        assert created["desc"].startswith("Long one\n\n[task-bridge v2:GEN-")


def test_a_text_longer_than_a_create_carries_arrives_whole(tmp_path: Path) -> None:
    with a_world(tmp_path) as world:
        text = "word " * 900
        theirs = world.v2.add_task(title="Long story", description=text)
        world.sync()
        created = world.counterpart(Side.V2, theirs)
        assert created["desc"].startswith(text.rstrip())
        assert created["desc"].count("[task-bridge ") == 1
        world.sync()
        assert world.reports == []


def test_what_the_template_fills_in_flows_back_to_the_origin(tmp_path: Path) -> None:
    switches = KoreSwitches(limits=(), new_assignee="agent")
    with a_world(tmp_path, kore=switches, people__match_name="true") as world:
        names = {agent["name"] for agent in world.kore.agents}
        theirs = world.v2.add_task(title="Bring a ladder", description="")
        world.sync()
        world.sync()
        created = world.counterpart(Side.V2, theirs)
        assert created["currAssignee"]["name"] in names
        assert world.v2.tasks[theirs]["assignee"]["name"] == created["currAssignee"]["name"]


def test_a_backlink_tag_names_the_kore_task_on_its_v2_origin(tmp_path: Path) -> None:
    with a_world(tmp_path, v2__backlink="tag") as world:
        theirs = world.v2.add_task(title="Bring a ladder", description="", tags=("steep",))
        world.sync()
        created = world.counterpart(Side.V2, theirs)
        assert world.v2.tasks[theirs]["tags"] == ["steep", f"kore:{created['_id']}"]
        world.sync()
        assert world.reports == []
