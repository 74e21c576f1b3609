"""Invoices (发票) of orders: asked for by members, issued elsewhere by the brand, and recorded here."""
