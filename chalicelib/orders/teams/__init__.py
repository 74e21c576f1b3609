"""Team buy: members form teams of a fixed size; a team that fills in time stands, one that does not is refunded."""
