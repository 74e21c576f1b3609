"""The one DynamoDB client of a process, with the tenant guard, the meter and the transport hooked in.

pynamodb gives every model class a client of its own; a dozen of them would cost a cold start most of a second. All
records share this one instead.
"""

import os
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.httpsession import get_cert_path
from botocore.model import OperationModel
from botocore.session import Session, get_session
from botocore.utils import get_environ_proxies
from pynamodb.connection.base import Connection, MetaTable
from pynamodb.connection.table import TableConnection

from chalicelib.db.guard import check_request
from chalicelib.db.meter import current_meter
from chalicelib.db.transport import Transport
from chalicelib.db.wire import Readers, Writer

_lock = threading.Lock()
_connection: "GuardedConnection | None" = None
_tables: dict[str, TableConnection] = {}


_CONFIG = Config(
    connect_timeout=1,
    read_timeout=3,
    retries={"total_max_attempts": 3, "mode": "standard"},
    max_pool_connections=64,
    parameter_validation=False,
    account_id_endpoint_mode="disabled",
    # botocore puts its own together anew for each request, a tenth of the CPU of a call.
    user_agent="lintuan",
)
"""Time limits are far below API Gateway's 29 s; the three tries of a write carry one client request token."""


class GuardedConnection(Connection):
    """Makes the client with our settings and hooks, and anew when the credentials were missing at first."""

    transport: Transport | None = None
    """What carries the requests of ``client``, once that is made; None where a proxy does."""

    _made: Any = None

    @property
    def client(self) -> Any:
        if self._made is None or not self._made._request_signer._credentials:
            session = get_session()
            session.register_component("response_parser_factory", Readers())
            made: Any = session.create_client("dynamodb", config=_CONFIG)
            # Where a table is follows from the region alone; botocore looks it up anew for each request.
            made._ruleset_resolver = None
            made.meta.events.register("before-parameter-build.dynamodb", _before)
            made.meta.events.register("after-call.dynamodb", _after)
            made._serializer = Writer()
            self._carry(session, made)
            self._made = made
        return self._made

    def _carry(self, session: Session, made: Any) -> None:
        """Our transport takes the requests, unless they go through a proxy: botocore's own session can do that."""
        url = made.meta.endpoint_url
        if urlsplit(url).scheme in get_environ_proxies(url):
            return
        named: str | None = session.get_config_variable("ca_bundle") or os.environ.get("REQUESTS_CA_BUNDLE")
        transport = self.transport = Transport(_CONFIG, named or str(get_cert_path(True)))
        made.meta.events.register("before-send.dynamodb", lambda request, **_: transport.send(request))


def connection() -> GuardedConnection:
    """The shared connection."""
    global _connection
    if _connection is None:
        with _lock:
            if _connection is None:
                _connection = GuardedConnection()
    return _connection


def table_connection(name: str, describe: Callable[[], MetaTable]) -> TableConnection:
    """A table's connection over the shared client; ``describe`` is asked once a table."""
    found = _tables.get(name)
    if found is None:
        shared = connection()
        with _lock:
            if name not in _tables:
                made = TableConnection(name)
                made.connection = shared
                shared.add_meta_table(describe())
                _tables[name] = made
            found = _tables[name]
    return found


def forget() -> None:
    """Drops the client, for tests and the embedded stack, whose endpoint is known only at run time."""
    global _connection
    with _lock:
        if _connection is not None and _connection.transport is not None:
            _connection.transport.close()
        _connection = None
        _tables.clear()


def _before(params: dict[str, Any], model: OperationModel, **_: object) -> None:
    check_request(params, model.name)
    # pynamodb always asks for the capacity; nobody reads the answer unless a meter is open.
    params.pop("ReturnConsumedCapacity", None)
    meter = current_meter()
    if meter is not None:
        params["ReturnConsumedCapacity"] = "INDEXES"
        meter.ask(model.name, params)


def _after(parsed: Mapping[str, Any], model: OperationModel, **_: object) -> None:
    meter = current_meter()
    if meter is not None:
        meter.answer(model.name, parsed)
