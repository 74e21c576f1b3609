"""Use cases of payments, one file each: ``accounts`` (a store's keys at its providers), ``starting``, ``reading``,
``webhooks``; and behind the scenes ``settling`` (what the provider says, booked once) and ``refunding``.
"""
