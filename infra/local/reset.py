"""`make reset`: deletes the data of `make run`, unless it is in use."""

from __future__ import annotations

import fcntl
import shutil
import sys

from infra.local.engine import ROOT


def main() -> int:
    """0 when there is no data any more, 1 when a running Lintuan holds it."""
    folder = ROOT / ".local"
    lock = folder / "lock"
    if lock.is_file():
        with lock.open() as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                sys.stderr.write(f"Lintuan is running on this data: {held.read().strip()}. Stop it first.\n")
                return 1
            shutil.rmtree(folder)
    shutil.rmtree(folder, ignore_errors=True)
    print("The local data is gone; the next `make run` imports the demo brand again.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
