"""The API keys of the brand, and who answers for each."""
