"""The operators' screen as a person uses it: Debian's Chromium over Prefect's own pages.

with Screen.open("http://127.0.0.1:4200") as screen:
    screen.start("monthly-review", {"Kỳ đánh giá": "2026-10"})      -> the run's id
    form = screen.open_answer(run)
    screen.answer(form, {"Quyết định": "Phê duyệt", "Mã xác nhận": code})
    screen.picture("docs/screens/phe-duyet.png")
"""

from __future__ import annotations

import json
import re
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Request, sync_playwright
from playwright.sync_api import TimeoutError as TooLate

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
KEPT = "csp"  # how a browser says that the page's own rules forbade a request
ENDS = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
PATIENCE = 300.0  # seconds: a machine may be busy with other tests
Value = str | Sequence[str]


def chromium() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


# Prefect's server says 503 while SQLite is locked, and its own clients ask again.
BUSY = (0.5, 1, 2, 4, 8)


class Api:
    """Prefect's API, for what a person would see by waiting and looking."""

    def __init__(self, address: str) -> None:
        self.address = address

    def ask(self, path: str, body: object = None, method: str | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        address, head = f"{self.address}/api{path}", {"Content-Type": "application/json"}
        request = urllib.request.Request(address, data=data, headers=head, method=method)
        for pause in BUSY:
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.loads(answer.read() or b"null")
            except urllib.error.HTTPError as refused:
                if refused.code != 503:
                    raise
                time.sleep(pause)
        raise AssertionError(f"{path}: the server was busy for {sum(BUSY)} s")

    def deployment(self, flow: str) -> Any:
        return self.ask(f"/deployments/name/{flow}/office")

    def begin(self, flow: str, **parameters: str) -> str:
        body = {"parameters": parameters}
        made = self.ask(f"/deployments/{self.deployment(flow)['id']}/create_flow_run", body)
        return str(made["id"])

    def running(self, flow: str) -> str:
        """A run that says it is at work, and that no process carries out."""
        made = self.ask("/flow_runs/", {"flow_id": self.deployment(flow)["flow_id"]})
        state = {"state": {"type": "RUNNING"}, "force": True}
        self.ask(f"/flow_runs/{made['id']}/set_state", state)
        return str(made["id"])

    def run(self, flow: str, **parameters: str) -> Any:
        """Begins a run and waits for its end."""
        return self.until(self.begin(flow, **parameters), *ENDS)

    def until(self, run: str, *states: str, through: str = "", patience: float = PATIENCE) -> Any:
        """Waits until a run is in one of these states (types or names); `through` an end that
        another state follows."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            found = self.ask(f"/flow_runs/{run}")
            if found["state_type"] in states or found["state_name"] in states:
                return found
            if found["state_type"] in ENDS and found["state_type"] != through:
                break
            time.sleep(0.3)
        raise AssertionError(
            f"{found['name']}: {found['state_name']}, wanted {states}: {found['state']}"
        )

    def schedule_soon(self, flow: str, seconds: int = 10) -> None:
        """Another schedule of the flow: once a day, from so many seconds on."""
        first = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
        kind = {"interval": 86_400, "anchor_date": first, "timezone": "Asia/Ho_Chi_Minh"}
        found = self.deployment(flow)["id"]
        self.ask(f"/deployments/{found}/schedules", [{"schedule": kind, "active": True}])
        self.ask(f"/deployments/{found}/schedule", {})  # the runs it wants, at once

    def runs(self, flow: str, *states: str) -> list[Any]:
        """The runs of a flow, the latest first."""
        wanted: dict[str, Any] = {
            "deployments": {"id": {"any_": [self.deployment(flow)["id"]]}},
            "sort": "EXPECTED_START_TIME_DESC",
        }
        if states:
            wanted["flow_runs"] = {"state": {"name": {"any_": list(states)}}}
        return list(self.ask("/flow_runs/filter", wanted))

    def another(self, flow: str, than: set[str], patience: float = 60) -> Any:
        """Waits for a run of the flow that no schedule made, and is none of these."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            for one in self.runs(flow):
                if not one["auto_scheduled"] and one["id"] not in than:
                    return one
            time.sleep(0.3)
        raise AssertionError(f"{flow}: no other run than {than}")

    def artifact(self, key: str) -> str:
        found = self.ask(f"/artifacts/{key}/latest")
        return str(found["data"])


def _abroad(request: Request, address: str) -> list[str]:
    """Its address, where it left the browser for somewhere else than the screen."""
    home = request.url.startswith((address, "data:", "blob:"))
    return [] if home or request.failure == KEPT else [request.url]


@dataclass
class Screen:
    """A browser window on the screen."""

    page: Page
    api: Api
    abroad: list[str]  # what the pages asked of others than the screen, and were not kept from

    @classmethod
    @contextmanager
    def open(cls, address: str) -> Iterator[Screen]:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=chromium(), args=list(FLAGS))
            try:
                context = browser.new_context(
                    viewport={"width": 1280, "height": 900},
                    timezone_id="Asia/Ho_Chi_Minh",
                    color_scheme="light",
                )
                page = context.new_page()
                page.set_default_timeout(60_000)
                abroad: list[str] = []
                for ending in ("requestfinished", "requestfailed"):
                    page.on(ending, lambda one: abroad.extend(_abroad(one, address)))
                yield cls(page, Api(address), abroad)
            finally:
                browser.close()

    def go(self, path: str) -> None:
        self.page.goto(f"{self.api.address}/v2{path}")

    def open_form(self, flow: str) -> None:
        self.go(f"/deployments/deployment/{self.api.deployment(flow)['id']}/run")
        self.page.get_by_role("button", name="Submit").wait_for()
        self.page.wait_for_load_state("networkidle")

    def start(self, flow: str, given: Mapping[str, Value]) -> str:
        """Fills in the run form and submits it; the id of the run, which no schedule made."""
        before = {run["id"] for run in self.api.runs(flow)}
        for _ in range(3):  # a page that was still loading forgets what was typed into it
            self.open_form(flow)
            self.fill(self.page.locator("body"), given)
            self.page.get_by_role("button", name="Submit").click()
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline:
                runs = [one for one in self.api.runs(flow) if not one["auto_scheduled"]]
                if new := [one["id"] for one in runs if one["id"] not in before]:
                    return str(new[0])
                time.sleep(0.2)
        raise AssertionError(f"{flow} was not started: {self.page.locator('body').inner_text()}")

    def refused(self, flow: str, given: Mapping[str, Value], says: str) -> None:
        """The form does not take what was given, and says so beside the field."""
        self.open_form(flow)
        self.fill(self.page.locator("body"), given)
        self.page.get_by_role("button", name="Submit").click()
        self.page.get_by_text(says).first.wait_for()

    def fill(self, form: Locator, given: Mapping[str, Value]) -> None:
        for title, value in given.items():
            named = re.compile(rf"^{re.escape(title)}( \(Optional\))?$")
            label = form.locator("label").filter(has_text=named).first
            field = form.locator(f"[id='{label.get_attribute('for')}']")
            if field.evaluate("one => one.tagName") == "BUTTON":
                self._choose(field, value)
            else:
                field.fill(str(value))

    def _choose(self, field: Locator, value: Value) -> None:
        field.click()
        for one in [value] if isinstance(value, str) else value:
            self.page.get_by_role("option", name=one, exact=True).click()
        if not isinstance(value, str):
            field.click()  # a list of several stays open until it is closed

    def open_answer(self, run: str) -> Locator:
        """The form of a suspended run, as a person opens it: three dots, Resume."""
        self.go(f"/runs/flow-run/{run}")
        self.page.locator("button[aria-haspopup=menu]").first.click()
        self.page.get_by_role("menuitem", name="Resume").click()
        form = self.page.get_by_role("dialog")
        form.get_by_role("button", name="Resume").wait_for()
        form.locator("label").last.wait_for()  # its fields come after its words
        return form

    def see_artifact(self, key: str) -> None:
        """The newest board of a key; how it came about stands under /artifacts/key/."""
        wanted = {"artifacts": {"key": {"any_": [key]}}, "sort": "CREATED_DESC", "limit": 1}
        (newest,) = self.api.ask("/artifacts/filter", wanted)
        self.go(f"/artifacts/artifact/{newest['id']}")
        self.page.locator("table").first.wait_for()

    def answer(self, form: Locator, given: Mapping[str, Value]) -> None:
        """Fills in the form of a suspended run, and sends it."""
        self.fill(form, given)
        form.get_by_role("button", name="Resume").click()
        try:
            form.wait_for(state="hidden")
        except TooLate:
            said = self.page.locator("[data-sonner-toast]").all_inner_texts()
            raise AssertionError(f"the form was not taken: {said}") from None

    def picture(self, path: Path) -> None:
        """What is seen now, small enough to be kept with the manual."""
        from tests.screenshots import keep

        self.page.wait_for_timeout(600)  # what fades in has faded in
        keep(self.page.screenshot(), path)
