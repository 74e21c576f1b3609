"""What settlement does when something has happened."""

from chalicelib.messaging import Consumer

consumer = Consumer("settlement")
