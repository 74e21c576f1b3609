"""What the shop sells: searched, narrowed, sorted, compared, and one by one."""
