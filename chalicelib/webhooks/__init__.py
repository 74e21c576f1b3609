"""What programs are told: events sent to the endpoints of a brand, signed as Standard Webhooks says."""
