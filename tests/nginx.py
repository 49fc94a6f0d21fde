"""A real nginx in front of the operators' screen, by deploy/nginx.conf as it is handed out; only
its addresses, its certificate and whom it lets in are put in place for this machine.

    with running_nginx(folder, behind=door) as front:
        front.address       -> https://127.0.0.1:41443       front.plain -> http://127.0.0.1:41080
        front.authority     -> the file of the authority that signed its certificate
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import trustme

from tests.dovecot import free_port

ROOT = Path(__file__).resolve().parent.parent
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:" + os.environ.get("PATH", ""))
READY_SECONDS = 20
AROUND = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/tdkt.conf;
}}
"""


@dataclass(frozen=True, slots=True)
class Front:
    """Where nginx listens, and who signed its certificate."""

    address: str
    plain: str
    authority: Path


@contextmanager
def running_nginx(folder: Path, behind: str, lets_in: str = "127.0.0.0/8") -> Iterator[Front]:
    """`behind` is the screen's own address; ended again by its process id."""
    assert NGINX
    https, http, authority = free_port(), free_port(), trustme.CA()
    mine = authority.issue_cert("127.0.0.1")
    mine.private_key_pem.write_to_path(folder / "tdkt.key")
    for pem in mine.cert_chain_pems:
        pem.write_to_path(folder / "tdkt.crt", append=True)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    here = {
        "listen 443 ssl;": f"listen 127.0.0.1:{https} ssl;",
        "listen 80;": f"listen 127.0.0.1:{http};",
        "/etc/nginx/tls/": f"{folder}/",
        "http://127.0.0.1:4200;": f"{behind};",
        "10.0.0.0/8": lets_in,
    }
    told = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for own, put in here.items():
        assert told.count(own) >= 1, own
        told = told.replace(own, put)
    (folder / "tdkt.conf").write_text(told)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder))
    command = [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(command, stderr=(folder / "said").open("wb"))
    try:
        _wait_for(https, process, folder)
        front = f"https://127.0.0.1:{https}", f"http://127.0.0.1:{http}"
        yield Front(*front, folder / "ca.pem")
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError((folder / "said").read_text())
