"""How new members come: by invite codes, by members who bring their neighbours, and by application."""
