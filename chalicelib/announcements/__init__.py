"""News from the brand to all of its members, or some, told in the background within what each of them agreed to."""
