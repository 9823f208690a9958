"""What printed reports say, held against our numbers and against the rules that they state."""
