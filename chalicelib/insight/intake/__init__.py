"""What people do in the shop, one thing at a time: taken in from browsers and other shops, and from our own records."""
