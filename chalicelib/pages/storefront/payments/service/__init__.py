"""What pages of paying read and do."""
