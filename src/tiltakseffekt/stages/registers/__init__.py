"""The contract of the registers, their reception, and synthetic registers."""
