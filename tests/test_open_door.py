"""Prefect's server where other machines could reach it: a password, a token for every change, and
nothing told to anybody. (127.0.0.2 is not what `tdkt up` listens to by itself, and still here.)"""

from __future__ import annotations

import asyncio
import base64
import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.events.clients import PrefectEventsClient, PrefectEventSubscriber
from prefect.events.filters import EventFilter, EventNameFilter
from prefect.events.schemas.events import Event
from prefect.settings import (
    PREFECT_API_AUTH_STRING,
    PREFECT_API_SSL_CERT_FILE,
    PREFECT_API_URL,
    temporary_settings,
)

from cli.main import main
from cli.serving import SERVER, Door, environment
from flows.deploying import deployments, register
from tasks.office import Office, make_office
from tdkt_models.base import upgrade
from tests.nginx import NGINX, running_nginx
from tests.prefect_pattern import begin_from, keep_as
from tests.province import surroundings
from tests.test_prefect import ROOT, free_port

pytestmark = pytest.mark.xdist_group("open-door")  # one server for all of it

PASSWORD = "van-hanh:mat-khau-cua-phong"
ELSEWHERE = "127.0.0.2"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office.at(tmp_path_factory.mktemp("door") / "office")
    make_office(office, demo=True)
    upgrade(office.database_url)
    return office


@pytest.mark.parametrize("host", ["0.0.0.0", ELSEWHERE])
def test_another_address_without_a_password_is_refused(
    office: Office, host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["up", "--host", host, "--port", str(free_port()), "--home", office.home])
    assert end.value.code == 2
    assert "PREFECT_SERVER_API_AUTH_STRING" in capsys.readouterr().err


@pytest.fixture(scope="module")
def door(office: Office, prefect_pattern: Path) -> Iterator[Door]:
    door, own_home = Door(ELSEWHERE, free_port()), office.folder / "prefect"
    begin_from(prefect_pattern, own_home)
    with surroundings(PREFECT_SERVER_API_AUTH_STRING=PASSWORD):
        env = environment(office, door)
    words = (*SERVER, "--host", door.host, "--port", str(door.port))
    log = (office.folder / "server.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", *words],
        env=env,
        cwd=ROOT,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        until = time.monotonic() + 120
        while not door.taken and process.poll() is None and time.monotonic() < until:
            time.sleep(0.2)
        assert door.taken, (office.folder / "server.log").read_text()
        keep_as(prefect_pattern, own_home)
        yield door
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=40)
        log.close()


def ask(door: Door, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{door.screen}/api{path}",
        data=data,
        headers={"Content-Type": "application/json", **headers},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as wrong:
        return wrong.code, wrong.read().decode(errors="replace")


def signed_in(password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(password.encode()).decode()}


def test_a_server_bound_elsewhere_wants_a_password_and_a_csrf_token(door: Door) -> None:
    variable = {"name": "thu", "value": "1"}
    mine = signed_in(PASSWORD)
    for path in ("/admin/settings", "/csrf-token?client=may-la"):
        assert ask(door, path)[0] == 401
        assert ask(door, path, **signed_in("van-hanh:khac"))[0] == 401
    assert ask(door, "/flows/filter", {})[0] in (401, 403)
    code, said = ask(door, "/variables/", variable, **mine)
    assert code == 403 and "CSRF" in said, "the password that a browser sends by itself"
    code, token = ask(door, "/csrf-token?client=may-cua-phong", **mine)
    assert code == 200
    held = {"Prefect-Csrf-Token": token["token"], "Prefect-Csrf-Client": "may-cua-phong"}
    assert ask(door, "/variables/", variable, **mine, **held)[0] == 201
    other = held | {"Prefect-Csrf-Client": "may-khac"}
    assert ask(door, "/variables/", variable | {"name": "b"}, **mine, **other)[0] == 403
    code, settings = ask(door, "/admin/settings", **mine)
    assert code == 200 and settings["server"]["analytics_enabled"] is False


def knock(door: Door, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
    """What a browser asks, with the headers that a page cannot choose."""
    asking = http.client.HTTPConnection(door.host, door.port, timeout=30)
    body = "{}" if method == "POST" else None
    asking.request(method, path, body, signed_in(PASSWORD) | headers)
    answer = asking.getresponse()
    assert answer.headers["Access-Control-Allow-Origin"] in (None, headers.get("Origin"))
    return answer.status, answer.read().decode() if answer.status != 101 else ""


WEBSOCKET = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGRrdC10ZGt0LXRka3QtdA==",
    "Sec-WebSocket-Protocol": "prefect",
}


@pytest.mark.parametrize("name", ["trang-la.example", "127.0.0.1.trang-la.example", ""])
def test_a_site_whose_name_points_here_is_told_nothing(door: Door, name: str) -> None:
    """DNS rebinding: to the browser that site and the screen are one, so only Host tells."""
    theirs = {"Host": f"{name}:{door.port}", "Origin": f"http://{name}:{door.port}"}
    for path in ("/", "/v2/", "/api/health", "/api/admin/version"):
        status, said = knock(door, path, **theirs)
        assert status == 421, path
        assert f"“{name}”" in said and "dòng screen" in said and "tdkt up" in said
    assert knock(door, "/api/flows/filter", "POST", **theirs)[0] == 421
    assert knock(door, "/api/events/out", **WEBSOCKET, **theirs)[0] == 403
    for mine in ("localhost", "LOCALHOST.", "127.0.0.1", "[::1]", door.host):
        assert knock(door, "/api/admin/version", Host=f"{mine}:{door.port}")[0] == 200, mine


@pytest.mark.parametrize("origin", ["https://trang-la.example", "http://127.0.0.1:1", "null"])
def test_the_page_of_another_site_is_told_nothing(door: Door, origin: str) -> None:
    """Nor does it get a WebSocket, or a plain text in: a browser asks no leave for those."""
    version, plain = "/api/admin/version", {"Content-Type": "text/plain"}
    status, said = knock(door, version, Origin=origin)
    assert status == 403 and "trang web khác" in said
    assert knock(door, "/api/flows/filter", "POST", Origin=origin, **plain)[0] == 403
    assert knock(door, "/api/events/out", Origin=origin, **WEBSOCKET)[0] == 403
    for mine in (door.screen, f"http://localhost:{door.port}"):
        assert knock(door, version, Origin=mine)[0] == 200
        assert knock(door, "/api/events/out", Origin=mine, **WEBSOCKET)[0] == 101


def test_pages_ask_nobody_else_and_stand_in_no_other_sites_frame(door: Door) -> None:
    """Prefect's pages call their makers' statistics whatever the server is set to; the browser
    keeps them from it (tests/desk_month.py: a whole month in Chromium)."""
    asking = http.client.HTTPConnection(door.host, door.port, timeout=30)
    asking.request("GET", "/v2/", headers=signed_in(PASSWORD))
    rules = asking.getresponse().headers["Content-Security-Policy"]
    said = dict(one.strip().split(" ", 1) for one in rules.split(";"))
    ours = {f"http://{name}:{door.port}" for name in (door.host, "localhost", "127.0.0.1")}
    allowed = said["connect-src"].split()
    assert {"'self'", door.screen} <= set(allowed) <= {
        "'self'", *ours, *(one.replace("http", "ws") for one in ours)
    }  # fmt: skip
    assert said["frame-ancestors"] == "'none'" and said["img-src"] == "'self' data: blob:"


def test_the_screen_goes_by_the_names_that_the_office_told(office: Office) -> None:
    told = {
        "TDKT_SCREEN": "https://TDKT.coquan.gov.vn:8443/",
        "PREFECT_SERVER_UI_API_URL": "http://[::1]:4200/api",
    }
    with surroundings(**told):
        here = environment(office, Door("127.0.0.1", 4200))
        elsewhere = environment(office, Door("0.0.0.0", 4200))
    names = {"localhost", "127.0.0.1", "::1", "tdkt.coquan.gov.vn"}
    assert set(here["TDKT_SCREEN_HOSTS"].split()) == names
    assert "https://tdkt.coquan.gov.vn:8443" in here["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"]
    assert elsewhere["TDKT_SCREEN_HOSTS"] == "", "by any name: there a password is asked for"
    for broken in ("http://[x", "tdkt", "http://a@b", ""):
        with surroundings(TDKT_SCREEN=broken):
            assert environment(office, Door("::1", 4200))["TDKT_SCREEN_HOSTS"].split()[0] == "::1"


def test_the_offices_own_programs_get_in(office: Office, door: Door) -> None:
    """As the worker and `tdkt up` itself do, with what `environment` gives them."""
    with surroundings(PREFECT_SERVER_API_AUTH_STRING=PASSWORD):
        env = environment(office, door)
    own = {PREFECT_API_URL: env["PREFECT_API_URL"], PREFECT_API_AUTH_STRING: PASSWORD}
    assert env["PREFECT_API_AUTH_STRING"] == PASSWORD
    with temporary_settings(own), get_client(sync_client=True) as client:
        monthly = deployments("vi")[0]
        register(client, [monthly])
        told = client.read_deployment_by_name("monthly-review/office")
        assert told.version == monthly.version
    code, pools = ask(door, "/work_pools/office", **signed_in(PASSWORD))
    assert code == 200 and pools["type"] == "process"


behind_nginx = pytest.mark.skipif(NGINX is None, reason="there is no nginx here")


@behind_nginx
def test_nginx_stands_in_front_as_it_is_handed_out(door: Door, tmp_path: Path) -> None:
    """Pages, the API with its password and CSRF token, events as they happen (WebSocket)."""
    with running_nginx(tmp_path, door.screen) as front:
        trusted = ssl.create_default_context(cafile=str(front.authority))
        with urllib.request.urlopen(f"{front.address}/v2/", context=trusted, timeout=30) as page:
            assert b"<div id=" in page.read() and page.headers["X-Frame-Options"] == "DENY"
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(f"{front.address}/api/admin/version", context=trusted)
        own = {
            PREFECT_API_URL: f"{front.address}/api",
            PREFECT_API_AUTH_STRING: PASSWORD,
            PREFECT_API_SSL_CERT_FILE: str(front.authority),
        }
        with temporary_settings(own):
            assert asyncio.run(heard("tdkt.thu")) == "tdkt.thu"
            with get_client(sync_client=True) as client:
                made = client.create_flow_from_name("thu-qua-nginx")
                assert client.read_flow(made).name == "thu-qua-nginx"
        there = f"{front.plain.removeprefix('http://')}"
        host, _, port = there.partition(":")
        plain = http.client.HTTPConnection(host, int(port), timeout=30)
        plain.request("GET", "/v2/runs")
        answer = plain.getresponse()
        assert answer.status == 301 and answer.headers["Location"].startswith("https://")


@behind_nginx
def test_nginx_lets_in_the_offices_network_only(door: Door, tmp_path: Path) -> None:
    with running_nginx(tmp_path, door.screen, lets_in="10.0.0.0/8") as front:
        trusted = ssl.create_default_context(cafile=str(front.authority))
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"{front.address}/v2/", context=trusted, timeout=30)


async def heard(name: str) -> str:
    """An event that is told and heard, each by a WebSocket of its own."""
    wanted = EventFilter(event=EventNameFilter(name=[name]))
    async with PrefectEventSubscriber(filter=wanted) as listening:
        async with PrefectEventsClient() as telling:
            await telling.emit(Event(event=name, resource={"prefect.resource.id": "tdkt.thu"}))
        event = await asyncio.wait_for(anext(listening), 60)
    return event.event
