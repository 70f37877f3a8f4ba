"""Deflate for the filtered rows of pictures: run lengths and Huffman codes.

A zlib stream (RFC 1950) of deflate blocks (RFC 1951). Searching for repeated strings, where zlib
and its kin spend their time, finds next to nothing in the filtered rows of a photo. So the only
matches here are runs of one byte, which are matches at distance 1; all else is literals. Each
block gets Huffman codes of its own.
"""

import numpy as np
from isal import isal_zlib
from numba import njit
from numpy.typing import NDArray

_BLOCK = 65535  # bytes; what one stored block can hold, should codes not make them fewer
_SHORTEST_RUN, _LONGEST_RUN = 4, 258  # deflate has 3 too, which gains nothing on photos
_END = 256  # ends a block
_SYMBOLS = 286  # 256 literals, the end, and 29 for lengths
_LONGEST_CODE = 15
_STORED, _DYNAMIC = 0, 2  # kinds of blocks
_ZLIB_HEADER = 0x0178  # deflate, window of 32 KB, first byte lowest; divisible by 31 as RFC 1950 asks

# The code lengths are themselves coded, by 19 symbols: lengths 0 to 15, and these.
_REPEAT, _ZEROS, _MANY_ZEROS = 16, 17, 18
_LENGTH_SYMBOLS = 19
_LONGEST_LENGTH_CODE = 7
_LENGTH_SYMBOL_EXTRA = np.array([0] * 16 + [2, 3, 7], np.int64)  # bits after the symbol
_LENGTH_ORDER = np.array([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15])

_GROUP = 64  # bytes looked at together for runs

# RFC 1951, 3.2.5: the symbol of each run length, the bits that follow it, and their value.
_RUN_EXTRA_OF_SYMBOL = [0] * 8 + [bits for bits in range(1, 6) for _ in range(4)]
