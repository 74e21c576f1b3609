"""What members did, by local day: taken in from order files and from the platform's own orders."""
