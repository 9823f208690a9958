import os

import pytest


@pytest.fixture(autouse=True)
def umask():
    """Give back what the command takes from other users."""
    before = os.umask(0o022)
    yield
    os.umask(before)
