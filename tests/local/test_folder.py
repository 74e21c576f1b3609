"""The folder of the local data: small files that are whole or as they were, and never taken for missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.local.folder import Folder, FolderInUse, FolderUnusable


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "data")


def test_what_is_kept_is_read_again_and_only_its_owner_may(folder: Folder) -> None:
    folder.claim("here")
    folder.keep("clock.json", {"offset_seconds": 60})
    assert folder.path
    assert Folder(folder.path).read("clock.json") == {"offset_seconds": 60}
    assert folder.read("demo.json", "none yet") == "none yet"
    assert [path.stat().st_mode & 0o077 for path in (folder.path, folder.path / "clock.json")] == [0, 0]


@pytest.mark.parametrize("name", ["secret.json", "clock.json", "demo.json"])
@pytest.mark.parametrize("content", ["", '{"offset_sec', "\x00" * 40])
def test_a_damaged_file_keeps_the_folder_closed(folder: Folder, name: str, content: str) -> None:
    assert folder.path
    folder.path.mkdir()
    path = folder.path / name
    path.write_text(content)
    with pytest.raises(FolderUnusable, match="is damaged") as said:
        folder.claim("here")
    assert str(path) in str(said.value)
    assert path.read_text() == content


def test_a_folder_is_used_by_one_at_a_time(folder: Folder) -> None:
    folder.claim("http://127.0.0.1:8000")
    other = Folder(folder.path)
    with pytest.raises(FolderInUse, match=r"http://127\.0\.0\.1:8000, process"):
        other.claim("http://127.0.0.1:8001")
    folder.release()
    other.claim("http://127.0.0.1:8001")
    other.release()


def test_what_cannot_be_written_is_named_and_the_earlier_one_stands(folder: Folder) -> None:
    folder.claim("here")
    assert folder.path
    (folder.path / "clock.json").mkdir()
    with pytest.raises(FolderUnusable, match="cannot be used"):
        folder.keep("clock.json", {"offset_seconds": 60})
    assert [path.name for path in folder.path.iterdir() if path.name.endswith(".tmp")] == []
