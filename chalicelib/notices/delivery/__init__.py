"""A message on its way: it stands in the inbox once, and leaves by the medium that reaches its reader."""
