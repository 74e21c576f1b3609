"""Aggregates of days and months, recounted each night."""
