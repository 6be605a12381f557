"""Files that only their owner can read."""

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from trackingmore_v2_cli._errors import CommandError
from trackingmore_v2_cli._profiles.changes import Target, store_key
from trackingmore_v2_cli._profiles.private_files import read_private, write_private
from trackingmore_v2_cli._profiles.settings import read_settings

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no modes")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a private file."""
    path = tmp_path / "folder" / "keys.json"
    write_private(path, b"{}")
    return path


@pytest.mark.parametrize("umask", [0, 0o022, 0o777])
def test_modes_do_not_depend_on_the_umask(tmp_path: Path, umask: int) -> None:
    """Neither wider nor narrower: the owner can read and write."""
    path = tmp_path / "folder" / "keys.json"
    former = os.umask(umask)
    try:
        write_private(path, b"{}")
    finally:
        os.umask(former)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_file_has_its_mode_before_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another user could open it between its creation and a change of its mode."""
    created: list[int] = []
    real = os.open

    def opened(path: Path, flags: int, mode: int = 0o777) -> int:
        file = real(path, flags, mode)
        if flags & os.O_CREAT:
            created.append(stat.S_IMODE(os.fstat(file).st_mode))
        return file

    former = os.umask(0)
    monkeypatch.setattr(os, "open", opened)
    try:
        write_private(tmp_path / "keys.json", b"{}")
    finally:
        os.umask(former)

    assert created == [0o600]


@pytest.mark.parametrize(
    ("change", "reason", "repair"),
    [
        (lambda path: path.chmod(0o640), "can be read by other users", "chmod 600 {path}"),
        (lambda path: path.chmod(0o604), "can be read by other users", "chmod 600 {path}"),
        (lambda path: path.parent.chmod(0o770), "can be changed by", "chmod 700 {path.parent}"),
    ],
)
def test_file_of_others_is_rejected(
    path: Path, change: Callable[[Path], None], reason: str, repair: str
) -> None:
    """The error has the command that repairs it."""
    change(path)

    with pytest.raises(CommandError, match=reason) as caught:
        read_private(path)

    assert caught.value.message.endswith(f"run: {repair.format(path=path)}")


def test_file_of_another_user_is_rejected(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who owns it can read it."""
    monkeypatch.setattr(os, "geteuid", lambda: 4242)

    with pytest.raises(CommandError, match="belongs to another user; run: sudo chown 4242 "):
        read_private(path)


def test_links_are_not_followed(path: Path) -> None:
    """Reading rejects a link; writing replaces it, and not what it names."""
    target = path.with_name("target")
    path.rename(target)
    path.symlink_to(target)

    with pytest.raises(CommandError, match="it is a symbolic link"):
        read_private(path)
    write_private(path, b"new")

    assert (read_private(path), target.read_bytes()) == (b"new", b"{}")


def test_pipe_is_rejected_without_waiting(path: Path) -> None:
    """Nobody writes to it."""
    path.unlink()
    os.mkfifo(path, 0o600)

    with pytest.raises(CommandError, match="is not a file"):
        read_private(path)


def test_failed_write_leaves_the_former_content(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk loses no keys and leaves no file behind."""

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(CommandError, match="No space left on device; set TRACKINGMORE_CONFIG_DIR"):
        write_private(path, b"new")

    assert read_private(path) == b"{}"
    assert list(path.parent.iterdir()) == [path]


def test_folder_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A read-only or missing home, as in a container."""
    (tmp_path / "home").write_text("a file")
    monkeypatch.setenv("TRACKINGMORE_CONFIG_DIR", str(tmp_path / "home" / "config"))

    with pytest.raises(CommandError, match="or set TRACKINGMORE_API_KEY"):
        store_key(Target("default", "file", None), "key-of-default")
    assert read_settings().profiles == {}


def test_logins_at_the_same_time_keep_each_others_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each reads and replaces the same files."""
    monkeypatch.setenv("TRACKINGMORE_CONFIG_DIR", str(tmp_path))
    names = [f"profile{number}" for number in range(20)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: store_key(Target(name, "file", None), f"key-{name}"), names))

    assert sorted(read_settings().profiles) == sorted(names)
    assert len(Target(names[0], "file", None).key() or "") > 0
