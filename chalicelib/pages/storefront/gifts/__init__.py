"""Gifts for points: what there is, and redeeming one."""
