"""dlt's REST source reads both lists into SQLite; runs in an environment of its own.

Takes one object on standard input: where to read, with which headers, into which database, and
prints its seconds without the start of the program and the rows that it loaded.
"""

import json
import sys
import time
from typing import Any

import dlt
from dlt.destinations import sqlalchemy
from dlt.sources.rest_api import rest_api_source


def source(wanted: dict[str, Any]) -> Any:
    """Both lists, as its documents show it; no row is parsed beyond what dlt does by itself."""
    kore, v2 = wanted["kore"], wanted["v2"]
    kore_pages = {
        "type": "offset", "limit": kore["page"], "offset_body_path": "skip",
        "limit_body_path": "limit", "total_path": None, "has_more_path": "hasMore",
    }  # fmt: skip
    v2_pages = {"type": "offset", "limit": v2["page"], "total_path": None}
    yield rest_api_source({
        "client": {"base_url": kore["url"], "headers": kore["headers"]},
        "resources": [{
            "name": "kore_tasks", "primary_key": "_id", "write_disposition": "merge",
            "endpoint": {
                "path": kore["path"], "method": "POST", "data_selector": "results",
                "json": {"sortBy": {"createdAt": "asc"}}, "paginator": kore_pages,
            },
        }],
    }, name="kore")  # fmt: skip
    yield rest_api_source({
        "client": {"base_url": v2["url"], "headers": v2["headers"]},
        "resources": [{
            "name": "v2_tasks", "primary_key": "_id", "write_disposition": "merge",
            "endpoint": {"path": v2["path"], "paginator": v2_pages, "data_selector": "$",
                         "params": {"sort": literal(v2["sort"])}},
        }],
    }, name="v2")  # fmt: skip


def literal(text: str) -> str:
    """A text with braces that are meant as such."""
    return text.replace("{", "{{").replace("}", "}}")


def main() -> int:
    """Load once, into a new database."""
    wanted = json.load(sys.stdin)
    pipeline = dlt.pipeline(
        "bench",
        pipelines_dir=wanted["folder"],
        destination=sqlalchemy(f"sqlite:///{wanted['database']}"),
        dataset_name="main",
    )
    began = time.perf_counter()
    rows: dict[str, int] = {}
    for one in source(wanted):
        pipeline.run(one)
        rows |= pipeline.last_trace.last_normalize_info.row_counts
    found = {
        "seconds": round(time.perf_counter() - began, 3),
        "rows": rows,
        "version": dlt.__version__,
    }
    sys.stdout.write("\n" + json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
