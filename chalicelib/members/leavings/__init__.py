"""Each time that somebody left, as it is kept beside the member."""
