"""Effects of labour-market measures (the effects report of 2024)."""
