"""Use cases of orders, one file each: ``placing``, ``cancelling``, ``pickup``, ``listing``; and behind the scenes
``counting`` (progress, totals at the close) and ``releasing`` (a cancelled campaign's orders).
"""

from chalicelib.orders.service.listing import get_order

__all__ = ["get_order"]
