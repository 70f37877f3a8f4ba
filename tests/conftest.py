"""Settings that all tests share."""

from hypothesis import settings

# The first use of a kernel compiles it, and a busy machine takes its time: that is no slow test.
settings.register_profile("augcli", deadline=None)
settings.load_profile("augcli")
