"""Use cases of orders, one file each.

Members: ``placing``, ``editing``, ``cancelling``, ``listing``, ``histories``, ``codes``. Staff and leaders: ``pickup``,
``adjusting``, ``paying_out``, ``exchanging``. Money: ``payment``, ``pending``, ``balance``, ``refunds``. Behind the
scenes: ``holding`` (the end of a hold), ``counting`` (progress, totals at the close), ``refunding``, and the ``passes``
over all orders of a campaign: ``releasing``, ``repricing``, ``collecting``.
"""

from chalicelib.orders.service.listing import get_order

__all__ = ["get_order"]
