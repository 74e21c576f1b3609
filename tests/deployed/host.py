"""The engine's process: MiniStack as it is published, under the interpreter of `.venv-engine`.

It ends when its standard input closes, that is, at the latest with the process that started it; the functions'
processes end with it, because they read from it.
"""

import os
import signal
import sys
import threading


def end_with_parent() -> None:
    while os.read(0, 1024):  # not by `sys.stdin`, whose lock would be held at the end
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    del sys.path[0]  # this folder; its files are no modules of MiniStack
    sys.executable = os.environ["FUNCTION_PYTHON"]  # MiniStack starts Python functions with it
    sys.argv = ["ministack"]
    threading.Thread(target=end_with_parent, daemon=True).start()
    from ministack.app import main

    main()
