"""Payments that a person should look at, with what to do; and the story of one."""
