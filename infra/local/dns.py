"""The DNS of this machine alone: a server on loopback with the records that were set on its page.

It plays the company where a brand has bought its domain. Nothing of it is on the internet, and the deployed product
asks the internet's DNS, never this.
"""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.exception import DNSException

log = logging.getLogger("local.dns")

KINDS = ("TXT", "CNAME", "A")
MOST_RECORDS = 200
_TTL = 5
_MOST_BYTES = 4096
_LONGEST_CHAIN = 8


@dataclass(frozen=True, order=True)
class Entry:
    """A record: its name in lower case without the last dot, its kind, and what it says."""

    name: str
    kind: str
    value: str


class Records:
    """The records that there are; `changed` hears of each change, with all of them."""

    def __init__(
        self, entries: list[Entry], fixed: Mapping[str, str], changed: Callable[[list[Entry]], None] = lambda all_: None
    ) -> None:
        self._entries = sorted(set(entries))
        self._fixed = {name.lower(): address for name, address in fixed.items()}
        self._changed = changed
        self._lock = threading.Lock()

    @property
    def all(self) -> list[Entry]:
        """What was set, by name."""
        return list(self._entries)

    def add(self, name: str, kind: str, value: str) -> None:
        """Sets a record. Raises ValueError for what is none."""
        entry = Entry(name.strip().rstrip(".").lower(), kind.strip().upper(), value.strip())
        if entry.kind not in KINDS or not entry.name or not entry.value:
            raise ValueError("A record has a name, one of the kinds, and a value.")
        _rrset(entry.name, [entry])
        with self._lock:
            if len(self._entries) >= MOST_RECORDS:
                raise ValueError(f"There are {MOST_RECORDS} records; delete some first.")
            self._entries = sorted({*self._entries, entry})
            self._changed(self._entries)

    def delete(self, name: str, kind: str, value: str) -> None:
        """Takes a record away; nothing where there is none."""
        with self._lock:
            self._entries = [each for each in self._entries if each != Entry(name, kind, value)]
            self._changed(self._entries)

    def found(self, name: str, kind: str) -> list[Entry]:
        """The records of a kind at a name; the address of what is fixed."""
        if kind == "A" and name in self._fixed:
            return [Entry(name, "A", self._fixed[name])]
        return [each for each in self._entries if (each.name, each.kind) == (name, kind)]

    def knows(self, name: str) -> bool:
        """Whether there is anything at a name, or below it."""
        names = {*self._fixed, *(each.name for each in self._entries)}
        return any(each == name or each.endswith(f".{name}") for each in names)


def kept(stored: Any) -> list[Entry]:
    """The records of an earlier run, as they were kept."""
    return [Entry(*each) for each in stored or ()]


def _rrset(name: str, entries: list[Entry]) -> dns.rrset.RRset:
    values = [f'"{each.value}"' if each.kind == "TXT" else each.value for each in entries]
    if entries[0].kind == "CNAME":
        values = [f"{value.rstrip('.')}." for value in values]
    try:
        return dns.rrset.from_text(f"{name}.", _TTL, "IN", entries[0].kind, *values)
    except DNSException as fault:
        raise ValueError(f"This is no record: {fault}") from fault


class Dns:
    """Answers questions by UDP on 127.0.0.1; port 0 takes any free one. `deaf` answers nothing, for tests."""

    def __init__(self, records: Records, port: int = 0) -> None:
        self.records = records
        self.deaf = False
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", port))
        self._thread = threading.Thread(target=self._serve, name="dns", daemon=True)

    @property
    def address(self) -> str:
        """Where it listens, as the product is told: `127.0.0.1:40053`."""
        host, port = self._socket.getsockname()
        return f"{host}:{port}"

    def start(self) -> None:
        """Begins to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Ends, and frees the port."""
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                asked, whom = self._socket.recvfrom(_MOST_BYTES)
            except OSError:
                return  # it was closed
            if self.deaf:
                continue
            try:
                self._socket.sendto(self._answer(dns.message.from_wire(asked)).to_wire(), whom)
            except (DNSException, OSError, ValueError):
                log.debug("a question was not answered", exc_info=True)

    def _answer(self, query: dns.message.Message) -> dns.message.Message:
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.AA | dns.flags.RA
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        for _ in range(_LONGEST_CHAIN):
            exact = self.records.found(name, kind)
            alias = exact or self.records.found(name, "CNAME")
            if alias:
                answer.answer.append(_rrset(name, alias))
            if exact or not alias:
                break
            name = alias[0].value.rstrip(".").lower()
        if not answer.answer and not self.records.knows(name):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer
