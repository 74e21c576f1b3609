"""Lintuan: community group buying for many brands on one serverless platform."""
