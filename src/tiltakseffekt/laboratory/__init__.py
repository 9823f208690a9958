"""What is known to be true, and how near the estimates come; nothing uses this wing."""
