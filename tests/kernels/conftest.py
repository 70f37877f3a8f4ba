"""Settings of the kernels' tests."""

from hypothesis import settings

# The first call of a kernel compiles it: that is no slow test.
settings.register_profile("kernels", deadline=None)
settings.load_profile("kernels")
