"""The configuration: one source for its defaults, its JSON schema and its documentation."""
