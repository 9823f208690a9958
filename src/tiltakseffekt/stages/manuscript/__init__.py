"""The report: text, exported exhibits and values, put together and rendered."""
