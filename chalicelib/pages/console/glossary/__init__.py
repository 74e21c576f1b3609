"""The words of the trade that the console explains, all on one page."""
