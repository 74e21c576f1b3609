"""From records to workers: events relayed from the stream, due items found by the sweep, queues worked off."""

from chalicelib.messaging.consumer import Consumer
from chalicelib.messaging.message import MalformedMessage, Message
from chalicelib.messaging.publish import publish
from chalicelib.messaging.relay import relay
from chalicelib.messaging.sweep import sweep

__all__ = ["Consumer", "MalformedMessage", "Message", "publish", "relay", "sweep"]
