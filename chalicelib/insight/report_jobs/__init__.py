"""Files of reports that are written in the background: all of one revision, or none."""
