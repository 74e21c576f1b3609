"""`make reset`: deletes the data of `make run`, unless it is in use."""

from __future__ import annotations

import fcntl
import shutil
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from infra.local.engine import ROOT

# The engine of a process that was killed saves as it ends; until then its folder is in use.
_ENGINE_SECONDS = 30.0


def main(folder: Path = ROOT / ".local") -> int:
    """0 when there is no data any more, 1 when a running Lintuan holds it."""
    with ExitStack() as held:
        for lock, seconds in ((folder / "lock", 0.0), (folder / "engine" / "lock", _ENGINE_SECONDS)):
            if lock.is_file():
                file = held.enter_context(lock.open())
                if not _free(file, seconds):
                    where = file.read().strip() or f"an engine in {lock.parent}"
                    sys.stderr.write(f"Lintuan is running on this data: {where}. Stop it first.\n")
                    return 1
        shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        sys.stderr.write(f"{folder} could not be deleted whole: see who owns what is in it.\n")
        return 1
    print("The local data is gone; the next `make run` imports the demo brand again.")
    return 0


def _free(lock: IO[str], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                return False
            time.sleep(0.05)
        else:
            return True


if __name__ == "__main__":
    sys.exit(main())
