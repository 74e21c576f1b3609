"""Group buys: drafted step by step, published, watched, changed, closed and copied."""
