"""Settings that all tests share."""

from hypothesis import settings

# The first use of a kernel compiles it, and a busy machine takes its time: that is no slow test.
# Examples are the same in every run, so that a change is judged by what it changes;
# `pytest --hypothesis-profile search` looks for new ones.
settings.register_profile("augcli", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("augcli")
