"""What each member has bought: a small item an order, in the member's own partition."""
