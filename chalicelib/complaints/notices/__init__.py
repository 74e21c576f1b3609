"""What members and the team are told of complaints."""
