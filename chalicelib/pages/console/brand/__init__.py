"""The brand as its team sets it up: its face, its legal texts, its rules, and what is still to be done."""
