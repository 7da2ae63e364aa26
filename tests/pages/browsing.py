"""A browser on the pages as a person uses it: what it saw is checked page by page."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response

AXE = Path(__file__).parents[2] / "gateway" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
# what a wrong form or a refused page is answered with: the browser notes each answer of 4xx as an error
_NOTED_ANSWER = "Failed to load resource: the server responded with a status of 4"
_FINDINGS = """() => axe.run(document, {resultTypes: ["violations"]}).then(found => found.violations
  .filter(each => ["serious", "critical"].includes(each.impact))
  .map(each => `${each.id}: ${each.nodes.slice(0, 3).map(node => node.html).join(" | ")}`))"""
_TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("main *, header *, footer *")]
    .filter(each => each.getBoundingClientRect().right > width + 1).slice(0, 3)
    .map(each => each.outerHTML.slice(0, 160));
}"""
_CLIPPED = """() => [...document.querySelectorAll("h1, h2, p, a, button, dd, dt, td, th, label, legend, li")]
  .filter(each => each.offsetParent && each.clientWidth > 2 && each.scrollWidth > each.clientWidth + 2
    && getComputedStyle(each).overflowX === "hidden" && getComputedStyle(each).textOverflow !== "ellipsis")
  .map(each => each.outerHTML.slice(0, 160))"""


class Person:
    """Somebody at a browser. problems: what no page may show: errors of scripts, refused styles, 500."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.base, self.context = base, context
        self.problems: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(60_000)
        self.page.on("console", self._noted)
        self.page.on("pageerror", lambda error: self.problems.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._answered)

    def _noted(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(_NOTED_ANSWER):
            self.problems.append(f"{self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        strange = not response.url.startswith((self.base, "data:"))
        if response.status >= 500 or strange or (response.status == 404 and "/assets/" in response.url):
            self.problems.append(f"{response.status} {response.url}")

    def open(self, path: str) -> Response:
        """Go to a path of the site."""
        answer = self.page.goto(f"{self.base}{path}")
        assert answer is not None
        return answer

    def press(self, name: str) -> None:
        """Press the button or the link that looks like a button, and wait for the next page."""
        shown = self.page.locator("main").get_by_role("button", name=name, exact=True)
        with self.page.expect_navigation():
            shown.locator("visible=true").last.click()

    def follow(self, link: Locator) -> None:
        """Click a link and wait for the page that it leads to."""
        with self.page.expect_navigation():
            link.click()

    def fill(self, **fields: str) -> None:
        """Type into fields by their names; `__` stands for a dot."""
        for name, value in fields.items():
            control = self.page.locator(f"main [name='{name.replace('__', '.')}']")
            kind = control.first.evaluate("each => each.type")
            if kind in ("radio", "checkbox"):
                self.page.locator(f"main [name='{name}'][value='{value}']").check()
            elif kind == "select-one":
                control.select_option(value)
            else:
                control.fill(value)

    def heading(self) -> str:
        """Return the page's heading."""
        return self.page.locator("h1").inner_text()

    def look(self, name: str = "") -> None:
        """Check what stands on the page: nothing clipped or too wide, nothing serious found by axe-core."""
        found = self.page.evaluate(_TOO_WIDE) + self.page.evaluate(_CLIPPED)
        assert found == [], f"{self.page.url} {name}: {found}"
        if not self.page.evaluate("() => 'axe' in window"):
            # by the tools' own way into the page, which the policy of the page leaves alone
            self.page.evaluate(AXE.read_text("utf-8"))
        assert self.page.evaluate(_FINDINGS) == [], self.page.url
        assert self.problems == []

    def sign_up(self, role: str, username: str, password: str) -> None:
        """Make an account through the page; it is signed in then."""
        self.open("/sign-up")
        self.fill(role=role, username=username, password=password)
        self.press("注册")

    def sign_in(self, username: str, password: str) -> None:
        """Sign in through the page."""
        self.open("/sign-in")
        self.fill(username=username, password=password)
        self.press("登录")


AnyPerson = TypeVar("AnyPerson", bound=Person)


@contextmanager
def person(
    browser: Browser, base: str, size: dict[str, int], kind: type[AnyPerson] = Person, **options: Any
) -> Iterator[AnyPerson]:
    """A browser of one's own, closed at the end."""
    context = browser.new_context(viewport=size, locale="zh-CN", **options)  # type: ignore[arg-type]
    try:
        yield kind(context, base)
    finally:
        context.close()
