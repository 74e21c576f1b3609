"""What a brand tells its members by law: privacy notice, terms, imprint; each version of them is kept."""
