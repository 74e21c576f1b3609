"""The summary report: what a range of days came to, whole and by group, and beside the days before."""

from chalicelib.insight.reports.summary.answer import GroupView, SummaryView
from chalicelib.insight.reports.summary.reading import SUMMARY

__all__ = ["SUMMARY", "GroupView", "SummaryView"]
