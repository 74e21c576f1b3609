"""The events that programs of a brand are told of."""
