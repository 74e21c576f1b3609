"""Personal invitations: people who have agreed to be invited, by e-mail or phone."""
