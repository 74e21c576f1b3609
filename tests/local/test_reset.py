"""`make reset` deletes what nobody uses."""

from __future__ import annotations

import fcntl
import threading
from pathlib import Path

import pytest

from infra.local import reset
from infra.local.folder import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = tmp_path / ".local"
    (data / "engine").mkdir(parents=True)
    (data / "engine" / "lock").touch()
    (data / "engine" / "state-00000001.snapshot").touch()
    return data


def test_data_that_nobody_uses_is_deleted(folder: Path) -> None:
    assert reset.main(folder) == 0
    assert not folder.exists()
    assert reset.main(folder) == 0


def test_data_in_use_stays(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    used = Folder(folder)
    used.claim("http://127.0.0.1:8000")
    assert reset.main(folder) == 1
    assert "http://127.0.0.1:8000" in capsys.readouterr().err
    assert (folder / "engine" / "state-00000001.snapshot").exists()
    used.release()


def test_an_engine_that_still_saves_is_waited_for(folder: Path) -> None:
    engine = (folder / "engine" / "lock").open()
    fcntl.flock(engine, fcntl.LOCK_EX)
    seen: list[bool] = []

    def end() -> None:
        seen.append(folder.exists())
        engine.close()

    threading.Timer(0.2, end).start()
    assert reset.main(folder) == 0
    assert (seen, folder.exists()) == ([True], False)
