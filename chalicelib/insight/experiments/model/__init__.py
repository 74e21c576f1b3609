"""Rules of experiments. Pure."""
