"""Inboxes on this machine, in memory and on a real SSH server: each file once, its own bytes."""

from __future__ import annotations

import asyncio
import hashlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import asyncssh
import fsspec
import pytest

from channels.errors import ChannelBusy, ChannelRefused
from channels.inboxes import Arrived, inbox_at, is_mailbox
from channels.originals import Originals

PASSWORD = "m@t/khẩu"
SECRET = "bi-mat/cua+thung"


@dataclass(frozen=True)
class SSHServer:
    port: int
    known_hosts: Path
    root: Path

    def address(self, password: str = "m%40t%2Fkh%E1%BA%A9u", folder: str = "/bao-cao") -> str:
        known = f"?known_hosts={self.known_hosts}"
        return f"sftp://noivu:{password}@127.0.0.1:{self.port}{folder}{known}"


class _Door(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("noivu", PASSWORD)


@pytest.fixture(scope="module")
def ssh_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SSHServer]:
    """A real SSH server with SFTP, in a thread of its own."""
    folder = tmp_path_factory.mktemp("sftp")
    root = folder / "root"
    (root / "bao-cao").mkdir(parents=True)
    key = asyncssh.generate_private_key("ssh-ed25519")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def start() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[key],
            server_factory=_Door,
            sftp_factory=lambda chan: asyncssh.SFTPServer(chan, chroot=str(root)),
        )

    server = asyncio.run_coroutine_threadsafe(start(), loop).result(20)
    port = server.sockets[0].getsockname()[1]
    known = folder / "known_hosts"
    known.write_text(f"[127.0.0.1]:{port} {key.export_public_key().decode()}")
    yield SSHServer(port, known, root)
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)


def taken(address: str, kept: Path, known: set[str] | None = None) -> dict[str, bytes]:
    originals = Originals(kept)
    found = {}
    for one in inbox_at(address).arrivals(known or set()):
        original = one.kept_in(originals)
        assert original is not None
        found[one.name] = originals.path(original.place).read_bytes()
        assert one.size == len(found[one.name])
    return found


def arrivals(address: str) -> list[Arrived]:
    return list(inbox_at(address).arrivals())


def test_a_folder_of_this_machine_by_path_and_by_url(tmp_path: Path) -> None:
    folder = tmp_path / "hộp thư"
    folder.mkdir()
    (folder / "03637.xlsx").write_bytes(b"mot")
    (folder / "~$03637.xlsx").write_bytes(b"khoa")
    (folder / ".an").write_bytes(b"an")
    wanted = {"03637.xlsx": b"mot"}
    assert taken(str(folder), tmp_path / "kept") == wanted
    assert taken(folder.as_uri(), tmp_path / "kept") == wanted


def test_no_name_of_a_file_is_too_strange_to_be_written_down(tmp_path: Path) -> None:
    """Zip programs leave names of old code pages; one of them once stopped a whole province."""
    folder = tmp_path / "hop thu"
    folder.mkdir()
    names = [
        "Báo cáo.xlsx".encode("cp1258", "ignore"), b"\xff\xfe.xlsx", b"esc\x1b[2J.xlsx",
        b"a\r\nBcc: x.xlsx", "\u202excod.xlsx".encode(),
    ]  # fmt: skip
    for name in names:
        (folder / os.fsdecode(name)).write_bytes(name)
    here = str(folder)
    came = taken(here, tmp_path / "kept")
    assert sorted(came.values()) == sorted(names)
    assert all(name.isprintable() and name.encode() for name in came)
    ids = {one.channel_id for one in arrivals(here)}
    assert len(ids) == len(names) and all(one.encode() for one in ids)
    assert arrivals(here) != [] and list(inbox_at(here).arrivals(ids)) == []


def test_a_link_or_a_pipe_is_never_followed(tmp_path: Path) -> None:
    """Who may put a file into the folder must not choose what of this machine is kept for ever."""
    folder, secret = tmp_path / "hop thu", tmp_path / "khoa.key"
    folder.mkdir()
    secret.write_bytes(b"bi mat")
    (folder / "bao-cao.xlsx").write_bytes(b"mot")
    (folder / "lien-ket.xlsx").symlink_to(secret)
    os.mkfifo(folder / "ong.xlsx")
    (before,) = arrivals(str(folder))
    assert taken(str(folder), tmp_path / "kept") == {"bao-cao.xlsx": b"mot"}
    for now in (lambda path: path.symlink_to(secret), os.mkfifo):  # after it was seen
        (folder / "bao-cao.xlsx").unlink()
        now(folder / "bao-cao.xlsx")
        original = before.kept_in(Originals(tmp_path / "sau"))
        assert original is None or not Originals(tmp_path / "sau").find(original.sha256)
    assert not any(b"bi mat" in path.read_bytes() for path in (tmp_path / "sau").rglob("*/*"))


def test_a_folder_in_memory(tmp_path: Path) -> None:
    server = fsspec.filesystem("memory")
    server.pipe("/thang10/03637.xlsx", b"mot")
    server.pipe("/thang10/sau/khac.xlsx", b"khong lay")
    assert taken("memory://thang10", tmp_path) == {"03637.xlsx": b"mot"}
    (first,) = arrivals("memory://thang10")
    assert list(inbox_at("memory://thang10").arrivals({first.channel_id})) == []


def test_files_come_over_sftp_with_their_own_bytes(ssh_server: SSHServer, tmp_path: Path) -> None:
    folder = ssh_server.root / "bao-cao"
    large = bytes(range(256)) * 9000
    (folder / "Báo cáo 03637.xlsx").write_bytes(large)
    (folder / "03549.xlsx.part").write_bytes(b"dang chep")
    (folder / "con").mkdir()
    address = ssh_server.address()
    assert taken(address, tmp_path) == {"Báo cáo 03637.xlsx": large}
    (first,) = arrivals(address)
    assert first.channel == "sftp" and PASSWORD not in first.channel_id
    assert list(inbox_at(address).arrivals({first.channel_id})) == []

    (folder / "Báo cáo 03637.xlsx").write_bytes(b"ban sau")
    (second,) = inbox_at(address).arrivals({first.channel_id})
    assert second.size == len(b"ban sau")
    assert (folder / "Báo cáo 03637.xlsx").exists(), "nothing is deleted"


def test_a_file_gone_before_it_was_read_is_left_for_the_next_round(
    ssh_server: SSHServer, tmp_path: Path
) -> None:
    folder = ssh_server.root / "mat-tep"
    folder.mkdir()
    (folder / "a.xlsx").write_bytes(b"a")
    (one,) = arrivals(ssh_server.address(folder="/mat-tep"))
    (folder / "a.xlsx").unlink()
    assert one.kept_in(Originals(tmp_path)) is None


def test_a_server_whose_key_is_unknown_is_not_spoken_to(
    ssh_server: SSHServer, tmp_path: Path
) -> None:
    (tmp_path / "known_hosts").write_text("")
    address = ssh_server.address().replace(str(ssh_server.known_hosts), f"{tmp_path}/known_hosts")
    with pytest.raises(ChannelRefused, match="khóa của máy chủ"):
        arrivals(address)


def test_a_wrong_password_is_said_and_not_shown(ssh_server: SSHServer) -> None:
    with pytest.raises(ChannelRefused, match="mật khẩu") as caught:
        arrivals(ssh_server.address("bi-mat"))
    assert "bi-mat" not in str(caught.value) and "127.0.0.1" in str(caught.value)


def test_a_folder_that_is_not_there_is_named(ssh_server: SSHServer, tmp_path: Path) -> None:
    for address in (ssh_server.address(folder="/khong-co"), str(tmp_path / "khong-co")):
        with pytest.raises(ChannelRefused, match="khong-co"):
            arrivals(address)


def test_a_server_that_does_not_answer_is_tried_again() -> None:
    with pytest.raises(ChannelBusy, match="Sẽ thử lại"):
        arrivals("sftp://noivu:bi-mat@127.0.0.1:9/bao-cao")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("gs://thung/thang10", "pip install gcsfs"),
        ("abfs://thung@may/thang10", "pip install adlfs"),
        ("la://may/x", "Chưa hỗ trợ hộp thư đến kiểu la://"),
        ("sftp://noivu:bi-mat@may:abc/x", "viết sai tên máy chủ hoặc cổng"),
    ],
)
def test_an_address_that_cannot_be_used_says_what_to_do(address: str, says: str) -> None:
    with pytest.raises(ChannelRefused, match=r"Hộp thư|Chưa hỗ trợ|Địa chỉ") as caught:
        arrivals(address)
    assert says in str(caught.value) and "bi-mat" not in str(caught.value)


def test_a_mailbox_is_known_by_its_address() -> None:
    assert is_mailbox("imaps://a:b@thu.tinh.gov.vn/INBOX")
    assert not is_mailbox("/srv/tdkt/inbox") and not is_mailbox("sftp://may/x")


@pytest.fixture(scope="module")
def webdav(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A real WebDAV server with one user, and the folder it serves."""
    from cheroot.wsgi import Server
    from wsgidav.wsgidav_app import WsgiDAVApp

    root = tmp_path_factory.mktemp("dav")
    (root / "bao-cao").mkdir()
    told = {
        "provider_mapping": {"/": str(root)},
        "simple_dc": {"user_mapping": {"*": {"noivu": {"password": PASSWORD}}}},
        "http_authenticator": {"accept_basic": True, "accept_digest": False},
        "verbose": 0,
        "logging": {"enable": False},
    }
    server = Server(("127.0.0.1", 0), WsgiDAVApp(told))
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.bind_addr[1]}", root
    server.stop()
    thread.join(10)


def test_files_come_over_webdav_with_their_own_bytes(
    webdav: tuple[str, Path], tmp_path: Path
) -> None:
    where, root = webdav
    large = bytes(range(256)) * 9000
    (root / "bao-cao" / "Báo cáo 03637.xlsx").write_bytes(large)
    (root / "bao-cao" / "03549.xlsx.part").write_bytes(b"dang chep")
    (root / "bao-cao" / "con").mkdir()
    address = f"webdav://noivu:m%40t%2Fkh%E1%BA%A9u@{where}/bao-cao"
    assert taken(address, tmp_path) == {"Báo cáo 03637.xlsx": large}
    (first,) = arrivals(address)
    assert first.channel == "webdav" and PASSWORD not in first.channel_id
    assert list(inbox_at(address).arrivals({first.channel_id})) == []
    (root / "bao-cao" / "Báo cáo 03637.xlsx").write_bytes(b"ban sau")  # changed: another arrival
    (again,) = inbox_at(address).arrivals({first.channel_id})
    assert again.channel_id != first.channel_id and again.size == 7


def test_webdav_says_what_is_wrong_and_shows_no_password(webdav: tuple[str, Path]) -> None:
    where, _ = webdav
    with pytest.raises(ChannelRefused, match="không cho đọc") as refused:
        arrivals(f"webdav://noivu:sai-mat-khau@{where}/bao-cao")
    assert "sai-mat-khau" not in str(refused.value)
    with pytest.raises(ChannelRefused, match="Không thấy thư mục"):
        arrivals(f"webdav://noivu:m%40t%2Fkh%E1%BA%A9u@{where}/khong-co")
    with pytest.raises(ChannelBusy, match="Sẽ thử lại"):
        arrivals("webdav://noivu:x@127.0.0.1:9/bao-cao")


@pytest.fixture(scope="module")
def bucket() -> Iterator[object]:
    """A real S3 server, its bucket “thung”, told to s3fs as an office tells it."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as told:
        told.setenv("AWS_ACCESS_KEY_ID", "noivu")
        told.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        told.setenv("AWS_DEFAULT_REGION", "ap-southeast-1")
        told.setenv("AWS_ENDPOINT_URL_S3", f"http://{host}:{port}")
        client = boto3.client("s3")
        here = {"LocationConstraint": "ap-southeast-1"}
        client.create_bucket(Bucket="thung", CreateBucketConfiguration=here)
        yield client
    server.stop()


def test_files_come_from_s3_with_their_own_bytes(bucket: object, tmp_path: Path) -> None:
    put = bucket.put_object  # type: ignore[attr-defined]
    large = bytes(range(256)) * 9000
    put(Bucket="thung", Key="bao-cao/Báo cáo 03637.xlsx", Body=large)
    put(Bucket="thung", Key="bao-cao/03549.xlsx.part", Body=b"dang chep")
    put(Bucket="thung", Key="bao-cao/con/khac.xlsx", Body=b"khong lay")
    assert taken("s3://thung/bao-cao", tmp_path) == {"Báo cáo 03637.xlsx": large}
    (first,) = arrivals("s3://thung/bao-cao")
    assert first.channel == "s3" and SECRET not in first.channel_id
    assert list(inbox_at("s3://thung/bao-cao").arrivals({first.channel_id})) == []
    put(Bucket="thung", Key="bao-cao/Báo cáo 03637.xlsx", Body=b"ban sau")
    (again,) = inbox_at("s3://thung/bao-cao").arrivals({first.channel_id})
    assert again.channel_id != first.channel_id and again.size == 7


def test_s3_says_what_is_wrong(bucket: object) -> None:
    with pytest.raises(ChannelRefused, match="Không thấy thư mục"):
        arrivals("s3://thung-khong-co/bao-cao")


class _Torn(BytesIO):
    """Goes wrong after the first piece, as a server that hangs up."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise OSError("mất kết nối")
        return super().read(size)


def test_an_original_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    originals = Originals(tmp_path / "nhan" / "received")
    large = bytes(range(256)) * 9_000
    with pytest.raises(OSError, match="mất kết nối"):
        originals.keep_stream(_Torn(large))
    assert list(originals.folder.iterdir()) == []
    sha = hashlib.sha256(large).hexdigest()
    assert originals.keep_bytes(large).place == f"{sha[:2]}/{sha}"
    assert originals.find(sha) == large
    beginning = originals.keep_bytes(large, 1_000_000)
    assert originals.path(beginning.place).read_bytes() == large[:1_000_000]
    places = [path for path in originals.folder.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in places} == {0o600} and len(places) == 2
