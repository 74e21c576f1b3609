"""What orders earned and cost, by local day: in all, by campaign, product, pickup point and channel."""
