"""Surveys, the invitations to them, and one answer an invitation."""
