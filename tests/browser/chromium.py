"""Which Chromium the browser tests use: one that is installed, else one got into `.cache`.

`python -m tests.browser.chromium` gets one where there is none, and tells which one it is.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOWNLOADS = ROOT / ".cache" / "browsers"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing but what the pages ask for leaves this browser, and it runs as root in a container too.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
NONE = (
    "There is no Chromium for the browser tests and none could be had. Install Chromium or Chrome, "
    "or name one: BROWSER_PATH=/path/to/chrome make test-browser"
)


def find_browser(environ: Mapping[str, str] = os.environ) -> str | None:
    """The program to start: the one that is named, an installed one, one that was got before."""
    named = environ.get("BROWSER_PATH")
    if named:
        return shutil.which(named)
    installed = (shutil.which(name, path=environ.get("PATH")) for name in NAMES)
    return next((path for path in installed if path), None) or _downloaded()


def get_browser() -> str | None:
    """An installed one if there is one, else the first that can be had; none for a wrong name."""
    found = find_browser()
    for get in () if os.environ.get("BROWSER_PATH") else (_download, _install):
        if not found and get():
            found = find_browser()
    return found


def _downloaded() -> str | None:
    """Playwright's own, where it lies on Linux and on a Mac."""
    places = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
    found = [path for place in places for path in sorted(DOWNLOADS.glob(place))]
    return str(found[-1]) if found else None


def _download() -> bool:
    environ = {**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(DOWNLOADS)}
    command = [sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]
    return find_spec("playwright") is not None and _done(command, environ)


def _install() -> bool:
    """From the system's packages, where that is Debian and we may."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    wanted = ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", "chromium"]
    return _done(["apt-get", "update", "-qq"], environ) and _done(wanted, environ)


def _done(command: list[str], environ: Mapping[str, str]) -> bool:
    sys.stderr.write(f"getting a browser: {' '.join(command)}\n")
    return subprocess.run(command, env=environ, check=False, stdout=sys.stderr).returncode == 0


if __name__ == "__main__":
    path = get_browser()
    if path is None:
        sys.exit(NONE)
    sys.stdout.write(f"the browser: {path}\n")
