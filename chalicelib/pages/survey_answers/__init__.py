"""Answers to the questions of a survey, as they are typed: by members, and by the team from paper."""
