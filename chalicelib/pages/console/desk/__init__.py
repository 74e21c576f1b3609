"""The desk of customer care: what is open by due time, the calendar, and the targets."""
