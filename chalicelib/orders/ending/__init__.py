"""The end of an order that is not handed over: cancelled, released, expired."""
