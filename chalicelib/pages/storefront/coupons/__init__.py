"""The member's coupons, and the code that gives one."""
