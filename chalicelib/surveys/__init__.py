"""Surveys, their invitations and answers."""
