"""What members want: products that they keep, sold-out offers that they wait for, goods that they want to hear of."""
