"""All access to MiniStack's memory, in one place, because none of it is a public interface (pinned: 1.5.33).

MiniStack handles every request on one event loop, so code that runs on that loop without awaiting sees a
consistent moment of every service at once.
"""

from __future__ import annotations

import copy
import errno
import importlib
import marshal
import math
import pickle
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from infra.local.host import files

# Only what the product uses is loaded, kept and restored.
SERVICES = ("dynamodb", "sqs", "s3", "ses", "ses_v2", "sns", "ssm", "secretsmanager", "cloudfront")

_ITEM_INDEX = "_index_members"
# A message that failed shows again within so many seconds at most (see RETRY_SECONDS in runner.py): one that is hidden
# for longer was being handled.
_LONGEST_RETRY_SECONDS = 30.0


def service(name: str) -> Any:
    """MiniStack's module for one AWS service."""
    return importlib.import_module(f"ministack.services.{name}")


def capture() -> dict[str, bytes]:
    """Every service's state, encoded, of this very moment. Meant for a forked child: it disables `copy.deepcopy`."""
    copy.deepcopy = _itself  # type: ignore[assignment]  # the child owns its memory already
    parts = {name: pickle.dumps(service(name).get_state(), 5) for name in SERVICES if name != "dynamodb"}
    dynamodb = service("dynamodb")
    settings = {key: value for key, value in dynamodb.get_state().items() if key != "tables"}
    parts["dynamodb"] = pickle.dumps(settings, 5)
    # Items are plain values by nature, and `marshal` writes those three times as fast as `pickle`.
    parts["tables"] = marshal.dumps({key: _plain_table(table) for key, table in dynamodb._tables._data.items()})
    parts["streams"] = marshal.dumps(
        {
            "records": dict(dynamodb._stream_records._data),
            "trimmed": dict(dynamodb._stream_trimmed._data),
            "sequence": dynamodb._stream_seq_counter,
        }
    )
    parts["mail"] = pickle.dumps(dict(service("ses")._sent_emails._data), 5)
    parts["moment"] = str(time.time()).encode()
    return parts


def prepare() -> None:
    """Loads every service, and makes MiniStack keep what a real one would: to be called before it serves."""
    for name in SERVICES:
        service(name)  # else each child would load at its birth what MiniStack loads when it is first asked for
    # Nothing is relayed while nothing runs, so age must not take a record off its stream: only the relay does.
    service("dynamodb")._STREAM_RETENTION_SECONDS = math.inf
    service("s3")._atomic_write = files.write  # its own does not wait for the disk


def write_objects() -> None:
    """Writes the objects that could not be written when they came: MiniStack says nothing then. Raises OSError."""
    s3 = service("s3")
    if not s3.S3_PERSIST:
        return
    for (_, bucket), held in s3._buckets._data.items():
        for key, found in held["objects"].items():
            path = s3._object_disk_path(bucket, key) if found.get("body") is not None else None
            if path:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
                files.write(path, found["body"])
                s3._persist_object(bucket, key, found)
                if found["body"] is not None:
                    raise OSError(errno.EIO, "An object could not be written", path)


def restore(parts: dict[str, bytes], written_at: float, *, again: bool) -> None:
    """Puts back what `capture` kept; `written_at` is when the file was written (epoch seconds).

    Messages that were in flight become visible at once: nobody handles them now. Unless the engine alone had ended
    (`again`), being cut off does not count as a try: a message must not become a dead letter by restarts.
    """
    for name in SERVICES:
        if name in parts and name != "dynamodb":
            service(name).load_persisted_state(pickle.loads(parts[name]))
    dynamodb = service("dynamodb")
    tables = copy.copy(dynamodb._tables)
    tables._data = {key: _live_table(table) for key, table in marshal.loads(parts["tables"]).items()}
    dynamodb.load_persisted_state({**pickle.loads(parts["dynamodb"]), "tables": tables})
    streams = marshal.loads(parts["streams"])
    dynamodb._stream_records._data.update(streams["records"])
    dynamodb._stream_trimmed._data.update(streams["trimmed"])
    dynamodb._stream_seq_counter = streams["sequence"]
    service("ses")._sent_emails._data.update(pickle.loads(parts["mail"]))
    _gather_queues()
    moment = float(parts["moment"]) if "moment" in parts else written_at
    for queue in service("sqs")._queues._data.values():
        for message in queue["messages"]:
            _wait_anew(message, moment, again=again)


def _wait_anew(message: dict[str, Any], moment: float, *, again: bool) -> None:
    """A message after the engine was away. A queue forgets what is old: days in which nothing ran do not count."""
    message["enqueued_at"] = time.time()
    if message.get("receive_count"):
        if not again and message["visible_at"] - moment > _LONGEST_RETRY_SECONDS:
            message["receive_count"] -= 1
        message["visible_at"] = 0.0


def _gather_queues() -> None:
    """Puts queues of one name together under the address of this start.

    MiniStack knows a queue by its address, and each start has another port: without this a queue would be a new one,
    and what waits in the old one would never be received.
    """
    sqs = service("sqs")
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for (account, region, _), queue in sqs._queues._data.items():
        found[account, region, queue["name"]].append(queue)
    sqs._queues._data.clear()
    sqs._queue_name_to_url._data.clear()
    for (account, region, name), same in found.items():
        url = sqs._queue_url_for_account(account, name)
        sqs._queues.set_scoped(account, region, url, {**_as_one(same), "url": url})
        sqs._queue_name_to_url.set_scoped(account, region, name, url)


def _as_one(same: list[dict[str, Any]]) -> dict[str, Any]:
    """The newest of several queues, with the messages of all in the order in which they were sent."""
    same.sort(key=lambda queue: int(queue["attributes"]["CreatedTimestamp"]))
    messages = sorted((each for queue in same for each in queue["messages"]), key=lambda each: float(each["sent_at"]))
    remembered = {key: seen for queue in same for key, seen in queue["dedup_cache"].items()}
    latest = max(queue["fifo_seq"] for queue in same)
    return {**same[-1], "messages": messages, "dedup_cache": remembered, "fifo_seq": latest}


def _itself(value: Any, memo: Any = None) -> Any:
    return value


def _plain_table(table: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in table.items() if key != _ITEM_INDEX}
    return {**kept, "items": dict(table["items"])}


def _live_table(table: dict[str, Any]) -> dict[str, Any]:
    return {**table, "items": defaultdict(dict, table["items"])}


def waiting(only: str | None = None) -> dict[str, Any]:
    """What has not been handled yet, of every stream and queue or of one table or queue by name.

    `streams`: table name to the number of change records not taken off its stream; `queues`: queue name to
    `ready` (can be received now), `hidden` (in flight or delayed) and `next_at` (epoch second when the first hidden
    message shows). Empty streams and queues are left out.
    """
    now = time.time()
    records, held = service("dynamodb")._stream_records._data, service("sqs")._queues._data
    streams = {key[2]: len(found) for key, found in records.items() if found and only in (None, key[2])}
    queues = {}
    for queue in held.values():
        if queue["messages"] and only in (None, queue["name"]):
            later = [message["visible_at"] for message in queue["messages"] if message["visible_at"] > now]
            ready = len(queue["messages"]) - len(later)
            queues[queue["name"]] = {"ready": ready, "hidden": len(later), "next_at": min(later, default=None)}
    return {"streams": streams, "queues": queues}


def on_stream(table_name: str, limit: int) -> list[dict[str, Any]]:
    """The oldest change records still on a table's stream, in the form in which Lambda receives them."""
    for key, records in service("dynamodb")._stream_records._data.items():
        if key[2] == table_name:
            return list(records[:limit])
    return []


def take_off_stream(table_name: str, through: str) -> int:
    """Forgets a table's change records up to and including one sequence number; answers how many.

    The stream itself is the checkpoint: what is on it has not been relayed. So a snapshot can never disagree with it.
    """
    dynamodb = service("dynamodb")
    for key, records in dynamodb._stream_records._data.items():
        if key[2] == table_name:
            for index, record in enumerate(records):
                if record["dynamodb"]["SequenceNumber"] == through:
                    del records[: index + 1]
                    trimmed = dynamodb._stream_trimmed._data
                    trimmed[key] = trimmed.get(key, 0) + index + 1
                    return index + 1
    return 0


def mail() -> list[dict[str, Any]]:
    """E-mail and text messages sent, oldest first: `to, channel, subject, text, at` (epoch seconds), and of e-mail
    its `html`.
    """
    found = []
    for entries in service("ses")._sent_emails._data.values():
        for sent in entries:
            what = {"channel": "email", "subject": str(sent["Subject"]), "at": sent["Timestamp"]}
            what |= {"text": _lines(sent["BodyText"]), "html": _lines(sent["BodyHtml"])}
            found += [{"to": to, **what} for to in sent["To"]]
    for (_, _, phone), records in service("sns")._sms_messages._data.items():
        for record in records:
            at = record.setdefault("at", time.time())  # MiniStack notes no time: ours is that of the first look
            found.append({"to": phone, "channel": "sms", "subject": "", "text": record["Message"], "at": at})
    return sorted(found, key=lambda message: message["at"])


def _lines(part: str | None) -> str:
    """A part of a message as it was written: on the way its lines end otherwise, and so does the last one."""
    return (part or "").replace("\r\n", "\n").removesuffix("\n")


def show_hidden() -> None:
    """Makes every hidden message visible now, as if its visibility timeout or delay had passed."""
    for queue in service("sqs")._queues._data.values():
        for message in queue["messages"]:
            message["visible_at"] = 0.0


def empty() -> None:
    """Deletes all content but keeps tables, queues, buckets and parameters: a clean engine in well under 1 ms."""
    dynamodb = service("dynamodb")
    for table in dynamodb._tables._data.values():
        table["items"] = defaultdict(dict)
        dynamodb._items_replaced(table)
    dynamodb._stream_records._data.clear()
    dynamodb._txn_idempotency.clear()
    for queue in service("sqs")._queues._data.values():
        queue["messages"] = []
        queue["dedup_cache"] = {}
    for bucket in service("s3")._buckets._data.values():
        bucket["objects"].clear()
    service("ses")._sent_emails._data.clear()
    service("sns")._sms_messages._data.clear()
    service("cloudfront")._distribution_tenants._data.clear()


def content() -> bytes:
    """What `empty` would delete, of this moment, for `put_back` in the same process."""
    dynamodb, sqs = service("dynamodb"), service("sqs")
    return pickle.dumps(
        {
            "items": {key: dict(table["items"]) for key, table in dynamodb._tables._data.items()},
            "streams": dynamodb._stream_records._data,
            "transactions": dynamodb._txn_idempotency._data,
            "queues": {key: (queue["messages"], queue["dedup_cache"]) for key, queue in sqs._queues._data.items()},
            "objects": {key: bucket["objects"] for key, bucket in service("s3")._buckets._data.items()},
            "mail": service("ses")._sent_emails._data,
            "texts": service("sns")._sms_messages._data,
            "hosts": service("cloudfront")._distribution_tenants._data,
        },
        5,
    )


def put_back(kept: bytes) -> None:
    """Makes what `content` kept the content again."""
    empty()
    found = pickle.loads(kept)
    dynamodb, sqs = service("dynamodb"), service("sqs")
    for key, items in found["items"].items():
        table = dynamodb._tables._data[key]
        table["items"] = defaultdict(dict, items)
        dynamodb._items_replaced(table)
    dynamodb._stream_records._data.update(found["streams"])
    dynamodb._txn_idempotency._data.update(found["transactions"])
    for key, (messages, seen) in found["queues"].items():
        sqs._queues._data[key] |= {"messages": messages, "dedup_cache": seen}
    for key, objects in found["objects"].items():
        service("s3")._buckets._data[key]["objects"].update(objects)
    service("ses")._sent_emails._data.update(found["mail"])
    service("sns")._sms_messages._data.update(found["texts"])
    service("cloudfront")._distribution_tenants._data.update(found["hosts"])
