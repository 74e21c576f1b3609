"""From a locked campaign to parcels: what to buy, and whose it is."""
