"""After-sale: returns, exchanges and repairs of what was collected, from the member's request to the last parcel."""
