"""What a visitor has chosen in a campaign, before it is an order: kept in their browser, priced by the quote."""
