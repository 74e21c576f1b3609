"""Coupons: batches are made, handed out, granted, changed and watched."""
