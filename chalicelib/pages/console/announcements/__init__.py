"""News to members: written, sent, held and watched."""
