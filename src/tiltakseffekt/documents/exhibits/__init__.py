"""Builders of the exhibits that set printed numbers beside ours."""
