"""Exhibits are data plus a drawing: builders make tidy data, one shared style draws them."""
