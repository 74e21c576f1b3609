"""Lists of what a brand sells, narrowed also to what can be had now."""
