"""Messages to people, by e-mail and SMS. Knows templates and providers, no domain."""
