"""Another e-mail or phone number to sign in with, against proof of the old one and the new one."""
