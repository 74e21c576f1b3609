"""What follows the close of a group buy: buying, receiving, sorting, and the way to the pickup points."""
