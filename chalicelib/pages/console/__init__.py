"""The console of a brand's team: everything that they do, on a desktop or a phone, by the API's own routes."""
