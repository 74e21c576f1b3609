"""Classes of members: where they part, how many are of each, and how members score by what they order."""
