"""The stages, in the order of the data; each reads only those before it and none reads a wing."""
