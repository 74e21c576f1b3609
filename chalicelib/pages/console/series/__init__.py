"""Recurring group buys: by which rule they are made, what comes next, held and ended."""
