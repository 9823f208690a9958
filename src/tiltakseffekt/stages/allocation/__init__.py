"""Who might be offered what: policy trees on the doubly robust scores, within today's capacity, and their value."""
