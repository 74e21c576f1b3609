"""How the terms of a campaign come together, and what they lack before it is published."""
