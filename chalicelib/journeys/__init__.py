"""Journeys: messages and rewards that begin by themselves, with a part of the members left alone for comparison."""
