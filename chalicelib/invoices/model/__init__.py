"""The rules of invoices: whom they are made out to, and what may become of them. Pure."""
