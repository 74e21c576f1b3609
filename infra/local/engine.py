"""The engine as a child process: started on a free port of 127.0.0.1, watched, stopped with everything saved."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import IO, Any, ClassVar

from infra.local.host import files
from infra.local.host.endings import Ending

ROOT = Path(__file__).resolve().parents[2]
SERVICES = "cloudfront,dynamodb,dynamodbstreams,sqs,s3,ses,sns,ssm,secretsmanager,sts"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}
START_SECONDS = 60.0
_ANSWER_SECONDS = 1.0


class EngineFailed(RuntimeError):
    """The engine did not start or has stopped; the message says what it printed."""


class DataUnreadable(EngineFailed):
    """There is saved data that cannot be read; the message names the files and says what may be done."""


class _PortTaken(EngineFailed):
    """Somebody else took the port meanwhile."""


class Engine:
    """One engine process. `folder` None keeps everything in memory only."""

    PROGRAM: ClassVar[tuple[str, ...]] = ("-m", "infra.local.host")
    """What the engine's interpreter runs; it ends when its standard input closes."""

    def __init__(self, folder: Path | None = None, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._printed_from = 0
        self._connections = threading.local()

    @property
    def url(self) -> str:
        """Where the engine answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process id of the running engine."""
        if self._process is None:
            raise EngineFailed("The engine is not running.")
        return self._process.pid

    def start(self) -> None:
        """Starts the process and waits until it answers. Raises EngineFailed with its output if it does not, and
        DataUnreadable if that is for what it has saved earlier.
        """
        log = self._open_log()
        command = [str(python()), *self.PROGRAM]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=self._environment(), stdin=subprocess.PIPE, stdout=log, stderr=log,
            start_new_session=True,  # Ctrl-C reaches the parent only, which stops things in order
        )  # fmt: skip
        log.close()
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            ended = self._process.poll()
            if ended is not None or time.monotonic() > until:
                self.kill()
                raise self._failure(ended)
            time.sleep(0.02)

    def _failure(self, status: int | None) -> EngineFailed:
        match status:
            case Ending.UNREADABLE:
                return DataUnreadable(self._last_words())
            case Ending.PORT_TAKEN:
                return _PortTaken(f"Port {self.port} of 127.0.0.1 is taken, which the engine had before.")
        return EngineFailed(f"The engine did not start.\n{self._last_words()}")

    def start_anywhere(self, tries: int = 5) -> None:
        """As `start`, on another free port when somebody else took the first one meanwhile."""
        for left in reversed(range(tries)):
            try:
                return self.start()
            except _PortTaken:
                if not left:
                    raise
                self._process = None
                self.port = free_port()
        return None

    def stop(self, seconds: float = 60.0) -> str:
        """Saves and ends the process; answers why something could not be saved, or nothing."""
        if self._process is None:
            return ""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            status = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            status = None
        self._process = None
        if self.folder is None or status == Ending.CLEAN:
            return ""
        if status != Ending.NOT_SAVED:
            return f"The engine did not end in order ({status})"
        # Its last line is the reason, if even that could be written.
        return self._last_words().rpartition("\n")[2] or f"Nothing can be written to {self.folder}"

    def kill(self) -> None:
        """Ends the process at once, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def exited(self) -> int | None:
        """The exit status if the process has ended by itself (negative: the signal), else None."""
        return self._process.poll() if self._process else None

    # Our endpoints of the engine's process, see host/control.py.

    def work(self, wait_seconds: float = 0.0, only: str | None = None) -> dict[str, Any]:
        """What is on streams and queues, or on one of them; waits up to that long for something to handle."""
        path = f"/_local/work?wait={wait_seconds:g}" + (f"&only={only}" if only else "")
        found: dict[str, Any] = self._call("GET", path, timeout=wait_seconds + 30)
        return found

    def records(self, table_name: str, limit: int) -> list[dict[str, Any]]:
        """The oldest change records not yet taken off a table's stream, as Lambda receives them."""
        answer: dict[str, list[dict[str, Any]]] = self._call("GET", f"/_local/records?table={table_name}&limit={limit}")
        return answer["records"]

    def taken(self, table_name: str, through: str) -> None:
        """Takes a table's change records off its stream, up to and including one sequence number."""
        self._call("POST", "/_local/taken", {"table": table_name, "through": through})

    def show_hidden(self) -> None:
        """Makes delayed and in-flight messages visible now."""
        self._call("POST", "/_local/hidden")

    def empty(self) -> int:
        """Deletes all content, keeping tables, queues and buckets; answers how often content has changed by now."""
        return int(self._call("POST", "/_local/empty")["changes"])

    def keep(self, name: str) -> int:
        """Keeps the content of this moment under a name, until the process ends; answers as `empty`."""
        return int(self._call("POST", "/_local/keep", {"name": name})["changes"])

    def changes(self) -> int:
        """How often content may have changed since the engine began."""
        return int(self._call("GET", "/_local/changes")["changes"])

    def recall(self, name: str, *, unless_after: int | None = None) -> dict[str, Any]:
        """Makes what was kept under that name the content, unless content has changed more often than is given.

        Answers `recalled`, `unchanged` (whether it has not), and `changes`.
        """
        found: dict[str, Any] = self._call("POST", "/_local/recall", {"name": name, "unless_after": unless_after})
        return found

    def save(self) -> dict[str, Any]:
        """Saves now, and says how that went: `saved, fault, unsaved_seconds, pause_ms, write_seconds, size_bytes`."""
        report: dict[str, Any] = self._call("POST", "/_local/save", timeout=120)
        return report

    def keeper(self) -> dict[str, Any]:
        """The state of saving, as `save` reports it, and the process id."""
        report: dict[str, Any] = self._call("GET", "/_local/keeper")
        return report

    def mail(self) -> list[dict[str, Any]]:
        """E-mail and text messages sent, oldest first: `to, channel, subject, text, at` (epoch seconds)."""
        answer: dict[str, list[dict[str, Any]]] = self._call("GET", "/_local/mail")
        return answer["messages"]

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None, timeout: float = 30.0) -> Any:
        content = json.dumps(body or {}).encode()
        try:
            return self._once(method, path, content, timeout)
        except (OSError, http.client.HTTPException):
            return self._once(method, path, content, timeout)  # a kept connection may have ended meanwhile

    def _once(self, method: str, path: str, content: bytes, timeout: float) -> Any:
        connection = self._connection(timeout)
        try:
            connection.request(method, path, content, {"Content-Type": "application/json"})
            return json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException):
            connection.close()
            self._connections.open = None
            raise

    def _connection(self, timeout: float) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection | None = getattr(self._connections, "open", None)
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
            self._connections.open = connection
        connection.timeout = timeout
        if connection.sock:
            connection.sock.settimeout(timeout)
        return connection

    def _answers(self) -> bool:
        try:
            # And not another program that took the port, which may listen and never answer.
            return bool(self._once("GET", "/_local/keeper", b"{}", _ANSWER_SECONDS)["pid"] == self.pid)
        except (OSError, http.client.HTTPException, ValueError, KeyError):
            return False

    def _environment(self) -> dict[str, str]:
        engine = {
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_HOST": "127.0.0.1",
            "SERVICES": SERVICES,
            "LOG_LEVEL": "WARNING",
            "PERSIST_STATE": "0",  # it would save at a clean stop only: infra.local.host saves instead
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "DOCKER_HOST": "unix:///nonexistent",  # nothing here runs in containers
            "PYTHONWARNINGS": "ignore",
            "PYTHONPATH": str(ROOT),
            "ENGINE_AGAIN": "1" if self._process else "",
        }
        if self.folder:
            objects = {"S3_PERSIST": "1", "S3_DATA_DIR": str(self.folder / "objects")}
            engine |= {"ENGINE_FOLDER": str(self.folder), **objects}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return inherited | engine

    def _open_log(self) -> IO[bytes]:
        path = self._log_path()
        if path is None:
            return Path(os.devnull).open("wb")
        try:
            files.own_folder(path.parent)
            log = path.open("ab")
        except OSError as fault:
            raise EngineFailed(f"{path.parent} cannot be used: {fault.strerror}.") from fault
        self._printed_from = log.tell()
        return log

    def _log_path(self) -> Path | None:
        return self.folder / "engine.log" if self.folder else None

    def _last_words(self) -> str:
        """The end of what the process printed."""
        path = self._log_path()
        if path is None or not path.exists():
            return ""
        return path.read_bytes()[self._printed_from :].decode(errors="replace")[-2000:].strip()


def python() -> Path:
    """The interpreter of the engine's own virtual environment (made by `make setup`); ENGINE_PYTHON overrides it."""
    found = Path(os.environ.get("ENGINE_PYTHON") or ROOT / ".venv-engine" / "bin" / "python")
    if not found.exists():
        raise EngineFailed(f"{found} is missing: run `make setup`.")
    return found


def free_port() -> int:
    """A port of 127.0.0.1 nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
