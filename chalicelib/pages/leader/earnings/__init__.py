"""What a leader earns: how it stands with the shop, order by order, statement by statement."""
