"""The pages, one file each for the rules and for what a member has."""
