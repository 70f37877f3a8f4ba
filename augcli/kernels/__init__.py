"""Arrays in, arrays out: the loops that have to be quick.

This room knows nothing of the rest of augcli. Importing it loads no numba; its submodules do.

All arithmetic is strict IEEE, without fastmath, so every CPU gives the same bytes.
"""
