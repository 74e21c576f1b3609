"""What buyers say of what they bought: stars, words and photos, the brand's reply, and what of it is shown."""
