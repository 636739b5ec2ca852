"""How to point a bridge at a sandbox: a block of TOML, ready to paste."""

from bridge.sandbox.kore.service import KoreService
from bridge.sandbox.sandbox import Sandbox

BLOCK = """\
[kore]
base_url = "{kore_url}"
stream_id = "{stream_id}"
account_id = "{account_id}"
client_id = "{client_id}"
client_secret = "{client_secret}"
requester = {{ name = "Field Desk", email = "field.desk@example.com" }}
{routes}
[v2]
base_url = "{v2_url}"
api_key = "{api_key}"
"""
ROUTE = """
[[kore.routes]]
case = "{case}"
task_template = "{template}"
"""


def describe_connection(sandbox: Sandbox) -> str:
    """The sections [kore] and [v2] for this sandbox, with a default route to its first open case.

    The sandbox has to have been started once; without an open case there is no route. The
    credentials are made up and good for nothing but this sandbox.
    """
    kore = sandbox.kore
    return BLOCK.format(
        kore_url=sandbox.kore_url,
        stream_id=kore.stream_id,
        account_id=kore.account_id,
        client_id=kore.client_id,
        client_secret=kore.client_secret,
        routes=_route(kore),
        v2_url=sandbox.v2_url,
        api_key=sandbox.v2.api_key,
    )


def _route(kore: KoreService) -> str:
    cases = kore.open_cases
    if not cases:
        return ""
    case = kore.cases[cases[0]]["refId"]
    return ROUTE.format(case=case, template=kore.task_template_id)
