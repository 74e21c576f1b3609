"""What a notice's words may hold, how they are filled in, and what their variables mean."""
