"""A campaign's stock buckets."""
