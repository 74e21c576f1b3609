"""A campaign as it is passed on: as a text for the chat group, as a poster, as a sheet for the notice board."""
