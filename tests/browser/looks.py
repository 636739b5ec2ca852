"""A page at every size and in every light: photographed, and what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Dialog, Error, Page, Request

from bridge.daemon.web.doors import FORM_FIELD
from tests.browser.chromium import ROOT

SCREENSHOTS = ROOT / ".cache" / "screenshots"
# Else what lies below the window is not drawn, and neither a picture nor axe sees it.
WHOLE = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { content-visibility: visible !important }");
  document.adoptedStyleSheets = [sheet];
}"""
GRAVE = ("serious", "critical")
_axe = Axe()


@dataclass(frozen=True)
class Look:
    """A size of the window and the light that people set."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"]

    def put_on(self, page: Page) -> None:
        page.set_viewport_size({"width": self.width, "height": self.height})
        page.emulate_media(color_scheme=self.scheme)


LOOKS = (
    Look("desktop-light", 1200, 900, "light"),
    Look("desktop-dark", 1200, 900, "dark"),
    Look("phone-light", 390, 844, "light"),
    Look("phone-dark", 390, 844, "dark"),
)


def faults_of(page: Page, name: str) -> list[str]:
    """What is wrong with the page in any look; a picture of each is kept for people."""
    page.evaluate(WHOLE)
    return [f"{look.name}: {fault}" for look in LOOKS for fault in _faults(page, name, look)]


def _faults(page: Page, name: str, look: Look) -> Iterator[str]:
    look.put_on(page)
    photograph(page, f"{name}-{look.name}")
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > look.width:
        yield f"scrolls sideways: {width} pixels wide"
    yield from barriers(page)


def photograph(page: Page, name: str) -> None:
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True, animations="disabled")


def barriers(page: Page) -> list[str]:
    """What axe finds to be in the way of people who cannot see or point well."""
    found = _axe.run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:200]} {node['failureSummary']}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


class Heard:
    """What a page does that nobody sees at a glance: errors, dialogs, calls to elsewhere."""

    def __init__(self, page: Page, home: str) -> None:
        self.errors: list[str] = []
        self._home = home
        page.on("console", self._console)
        page.on("pageerror", self._error)
        page.on("dialog", self._dialog)
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(f"{message.type}: {message.text}")

    def _error(self, error: Error) -> None:
        self.errors.append(str(error))

    def _dialog(self, dialog: Dialog) -> None:
        self.errors.append(f"a dialog opened: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if not request.url.startswith((self._home, "data:")):
            self.errors.append(f"asked for {request.url}")
        if f"{FORM_FIELD}=" in request.url:
            self.errors.append(f"a form's own word stands in an address: {request.url}")
