"""What media take and charge for."""
