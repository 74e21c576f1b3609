"""Reviews as the team reads them: answered, and hidden where they break the rules of the house."""
