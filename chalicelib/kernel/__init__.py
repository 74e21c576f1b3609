"""What every package stands on: errors, time, money, ids and cursors. No AWS, no framework."""
