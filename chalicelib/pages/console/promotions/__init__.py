"""Promotions: drafted step by step, published, paused, ended, and what they have cost so far."""
