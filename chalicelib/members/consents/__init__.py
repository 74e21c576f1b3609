"""What members agreed to and objected to, each answer with its moment, its words, and where it was given."""
