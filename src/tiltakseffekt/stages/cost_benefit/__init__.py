"""What one course of each measure costs society and what it is worth, in kroner of one year."""
