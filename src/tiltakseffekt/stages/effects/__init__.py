"""Average effects: doubly robust scores, average potential outcomes, ATE, ATET and their covariances."""
