"""What every case of customer care has: an owner, due times by the brand's business calendar, and who is told."""
