"""Orders as they come in a chat group: a pasted list is read, matched to offers and members, and placed once each."""
