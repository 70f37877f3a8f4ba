"""Deflate for the filtered rows of pictures: runs of a byte, and Huffman codes.

The result is a zlib stream (RFC 1950) of deflate blocks (RFC 1951). A search for repeated
strings, where deflate usually spends its time, finds next to nothing in the filtered rows of a
photo. So the only matches here are runs of one byte, which are matches at distance 1, and all
else is literals. What is left is to count the symbols of a block, to give them codes, and to
write the codes, all at nearly the speed of memory.
"""

import zlib

import numpy as np
from isal import isal_zlib
from numba import njit
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Numbers = NDArray[np.int64]
Writer = tuple[np.uint64, np.uint64, np.uint64]

_BLOCK = 65535  # bytes; the most that one stored block holds
_SHORTEST_RUN, _LONGEST_RUN = 5, 258  # deflate has 3 too: on photos, hardly smaller, and slower

_ZLIB_HEADER = 0x0178  # deflate, window of 32 KB; the first byte is the lowest
_HEADER_BYTES, _CHECKSUM_BYTES = 2, 4
_STORED_OVERHEAD = 5  # bytes before the content of a stored block, at most

_STORED, _DYNAMIC = 0, 2  # kinds of blocks
_END = 256  # the symbol that ends a block; those below are literals, those above are lengths
_SYMBOLS = 286
_LONGEST_CODE = 15
_DISTANCE_BITS = 1  # the code of distance 1, the only one: a zero

# RFC 1951, 3.2.7: code lengths are themselves coded, by lengths 0 to 15 and three repeats.
_COPY, _ZEROS, _MANY_ZEROS = 16, 17, 18
_LENGTH_SYMBOLS = 19
_LONGEST_LENGTH_CODE = 7
_BITS_AFTER = np.array([0] * 16 + [2, 3, 7])  # each symbol: they say how often to repeat
_LENGTH_ORDER = np.array([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15])

# A token is up to 31 bits to write, with their number in five bits below them.
_SIZE_BITS, _SIZE_MASK = np.uint64(5), np.uint64(31)


def _run_symbols() -> Numbers:
    """Of each run length: its symbol, the number of bits after it, and their value.

    RFC 1951, 3.2.5: 8 symbols for one length each, then four each for 2, 4, 8, 16 and 32 lengths;
    the longest has a symbol of its own.
    """
    table = np.zeros((_LONGEST_RUN + 1, 3), np.int64)
    length = 3
    for symbol in range(_END + 1, _SYMBOLS - 1):
        extra_bits = max(0, (symbol - _END - 1) // 4 - 1)
        for value in range(1 << extra_bits):
            table[length] = symbol, extra_bits, value
            length += 1
    table[_LONGEST_RUN] = _SYMBOLS - 1, 0, 0
    return table


_RUN_SYMBOLS = _run_symbols()
_BITS_AFTER_RUN = np.zeros(_SYMBOLS, np.int64)
_BITS_AFTER_RUN[_RUN_SYMBOLS[:, 0]] = _RUN_SYMBOLS[:, 1]

# Numba checks signed indices for negative ones, which costs the inner loops half their speed,
# and turns a sum of a signed and an unsigned number into a float: hence these.
_0, _1, _2, _3, _4, _64 = np.array([0, 1, 2, 3, 4, 64], np.uint64)

_jit = njit(nogil=True, cache=True, error_model="numpy")


@_jit
def _mark_runs(data: NDArray[np.uint8], start: int, stop: int, marks: NDArray[np.uint8]) -> None:
    """marks[k] is 1 where a run begins at start + k, and else 0; there is a byte before `start`.

    Both loops are without branches, so that they work on vectors.
    """
    marks[:] = 0
    window = data[start - 1 : stop]
    for k in range(len(window) - _SHORTEST_RUN):
        differ = np.uint8(0)
        for offset in range(1, _SHORTEST_RUN + 1):
            differ |= window[k] ^ window[k + offset]
        marks[k] = differ == 0
    for k in range(1, len(window)):
        marks[k] &= window[k] != window[k - 1]  # else it began before


@_jit
def _list_marks(marks: NDArray[np.uint8], starts: Numbers) -> int:
    """The indices of the marks; returns how many. Few are marked, so it skips eight at a time."""
    marks_by_eight = marks.view(np.uint64)
    count = 0
    for eight in range(len(marks_by_eight)):
        if marks_by_eight[eight]:
            for k in range(8 * eight, 8 * eight + 8):
                starts[count] = k
                count += marks[k]
    return count


@_jit
def _find_runs(
    data: NDArray[np.uint8],
    start: int,
    stop: int,
    marks: NDArray[np.uint8],
    starts: Numbers,
    runs: Numbers,
) -> int:
    """Lists the bytes from `start` to `stop` that repeat the byte before them.

    `runs` gets the first position and the length of each run, none longer than one match can be.
    Returns how many there are.
    """
    first = max(start, 1)
    marks = marks[: 8 * ((stop - first) // 8 + 1)]
    _mark_runs(data, first, stop, marks)
    count = 0
    for k in range(_list_marks(marks, starts)):
        position = first + starts[k]
        end = position + _SHORTEST_RUN
        while end < stop and data[end] == data[position]:
            end += 1
        while end - position >= _SHORTEST_RUN:
            runs[count, 0] = position
            runs[count, 1] = min(end - position, _LONGEST_RUN)
            position += runs[count, 1]
            count += 1
    return count


@_jit
def _count_literals(
    data: NDArray[np.uint8], start: int, stop: int, counts: NDArray[np.uint32]
) -> None:
    """Adds to `counts`, shape (4, 256): a sum each, so that equal neighbours need not wait."""
    i, end = np.uint64(start), np.uint64(stop)
    while i + _4 <= end:
        counts[0, data[i]] += np.uint32(1)
        counts[1, data[i + _1]] += np.uint32(1)
        counts[2, data[i + _2]] += np.uint32(1)
        counts[3, data[i + _3]] += np.uint32(1)
        i += _4
    while i < end:
        counts[0, data[i]] += np.uint32(1)
        i += _1


@_jit
def _count_symbols(
    data: NDArray[np.uint8], start: int, stop: int, runs: Numbers, counts: Numbers
) -> None:
    """How often each symbol occurs in a block."""
    literals = np.zeros((4, 256), np.uint32)
    counts[:] = 0
    position = start
    for k in range(len(runs)):
        _count_literals(data, position, runs[k, 0], literals)
        counts[_RUN_SYMBOLS[runs[k, 1], 0]] += 1
        position = runs[k, 0] + runs[k, 1]
    _count_literals(data, position, stop, literals)
    for byte in range(256):
        for k in range(4):
            counts[byte] += literals[k, byte]
    counts[_END] = 1


@_jit
def _leaves_at_depths(weights: Numbers, depths: Numbers) -> None:
    """How many leaves Huffman's tree has at each depth, for at least two ascending `weights`.

    The two lightest nodes are joined until one is left. Joined nodes come out in ascending order
    too, so the lightest is at the head of one of two queues.
    """
    leaves = len(weights)
    nodes = 2 * leaves - 1
    weight, parent = np.zeros(nodes, np.int64), np.empty(nodes, np.int64)
    for node in range(leaves):
        weight[node] = weights[node]
    leaf, joined = 0, leaves
    for new in range(leaves, nodes):
        for _ in range(2):
            if leaf < leaves and (joined >= new or weight[leaf] <= weight[joined]):
                child = leaf
                leaf += 1
            else:
                child = joined
                joined += 1
            weight[new] += weight[child]
            parent[child] = new
    depth = np.zeros(nodes, np.int64)
    for node in range(nodes - 2, -1, -1):
        depth[node] = depth[parent[node]] + 1
    for node in range(leaves):
        depths[depth[node]] += 1


@_jit
def _limit_depths(depths: Numbers, longest: int) -> None:
    """Moves leaves deeper than `longest` up to it, and others down until codes suffice for all.

    A code of n bits takes a share of 2^-n of all codes, and the shares may not exceed 1. Where
    they do, a leaf of the longest codes becomes the sibling of a shorter one, which goes down by
    one: that frees one code of the longest.
    """
    for depth in range(longest + 1, len(depths)):
        depths[longest] += depths[depth]
    taken = 0
    for depth in range(1, longest + 1):
        taken += depths[depth] << (longest - depth)
    while taken > 1 << longest:
        shorter = longest - 1
        while depths[shorter] == 0:
            shorter -= 1
        depths[shorter] -= 1
        depths[shorter + 1] += 2
        depths[longest] -= 1
        taken -= 1


@_jit
def _code_lengths(counts: Numbers, longest: int, lengths: Numbers) -> None:
    """Bits of the Huffman code of each symbol, at most `longest`, and 0 where `counts` is 0.

    At least two of the counts must not be 0.
    """
    lengths[:] = 0
    keys = np.empty(len(counts), np.int64)
    used = 0
    for symbol in range(len(counts)):
        if counts[symbol]:
            keys[used] = counts[symbol] << 9 | symbol
            used += 1
    ascending = np.sort(keys[:used])
    depths = np.zeros(used + 1 + longest, np.int64)
    _leaves_at_depths(ascending >> 9, depths)
    _limit_depths(depths, longest)
    rank = used
    for depth in range(1, longest + 1):
        for _ in range(depths[depth]):
            rank -= 1
            lengths[ascending[rank] & 511] = depth


@_jit
def _token(bits: int, size: int) -> np.uint64:
    return np.uint64(bits << 5 | size)


@_jit
def _tokens_of(lengths: Numbers, tokens: Words) -> None:
    """The canonical code of each symbol (RFC 1951, 3.2.2), its first bit lowest, as a token."""
    codes_of_length = np.zeros(_LONGEST_CODE + 1, np.int64)
    for length in lengths:
        codes_of_length[length] += 1
    codes_of_length[0] = 0
    next_code = np.zeros(_LONGEST_CODE + 1, np.int64)
    for length in range(1, _LONGEST_CODE + 1):
        next_code[length] = (next_code[length - 1] + codes_of_length[length - 1]) << 1
    for symbol in range(len(lengths)):
        length = lengths[symbol]
        code = next_code[length]
        next_code[length] += 1
        reversed_code = 0
        for _ in range(length):
            reversed_code = reversed_code << 1 | (code & 1)
            code >>= 1
        tokens[symbol] = _token(reversed_code, length)


@_jit
def _run_tokens_of(tokens: Words, run_tokens: Words) -> None:
    """The token of each run length: its symbol, the bits after it, and distance 1."""
    for run in range(_SHORTEST_RUN, _LONGEST_RUN + 1):
        symbol, extra_bits, value = _RUN_SYMBOLS[run]
        length = int(tokens[symbol] & _SIZE_MASK)
        bits = int(tokens[symbol] >> _SIZE_BITS) | value << length
        run_tokens[run] = _token(bits, length + extra_bits + _DISTANCE_BITS)


@_jit
def _repeats(lengths: Numbers, symbols: Numbers, values: Numbers) -> int:
    """Code lengths as symbols, and the value of the bits after each; returns how many."""
    count = 0
    i = 0
    while i < len(lengths):
        length = lengths[i]
        same = 1
        while i + same < len(lengths) and lengths[i + same] == length:
            same += 1
        if length == 0 and same >= 3:
            same = min(same, 138)
            symbols[count] = _ZEROS if same <= 10 else _MANY_ZEROS
            values[count] = same - (3 if same <= 10 else 11)
        elif i > 0 and lengths[i - 1] == length and same >= 3:
            same = min(same, 6)
            symbols[count] = _COPY
            values[count] = same - 3
        else:
            same = 1
            symbols[count] = length
            values[count] = 0
        count += 1
        i += same
    return count


@_jit
def _block_header(lengths: Numbers, any_run: bool, last: bool, header: Words) -> int:
    """The tokens before the symbols of a block (RFC 1951, 3.2.7); returns how many.

    The one code for distances is that of distance 1: one bit long, or none where no run needs it.
    """
    used = _END + 1
    for symbol in range(used, _SYMBOLS):
        if lengths[symbol]:
            used = symbol + 1
    described = np.empty(used + 1, np.int64)
    for symbol in range(used):
        described[symbol] = lengths[symbol]
    described[used] = _DISTANCE_BITS if any_run else 0
    symbols, values = np.empty(used + 1, np.int64), np.empty(used + 1, np.int64)
    count = _repeats(described, symbols, values)
    counts = np.zeros(_LENGTH_SYMBOLS, np.int64)
    for k in range(count):
        counts[symbols[k]] += 1
    own_lengths = np.empty(_LENGTH_SYMBOLS, np.int64)
    _code_lengths(counts, _LONGEST_LENGTH_CODE, own_lengths)
    tokens = np.empty(_LENGTH_SYMBOLS, np.uint64)
    _tokens_of(own_lengths, tokens)
    listed = _LENGTH_SYMBOLS
    while own_lengths[_LENGTH_ORDER[listed - 1]] == 0:
        listed -= 1

    header[0] = _token(int(last) | _DYNAMIC << 1, 3)
    header[1] = _token((used - _END - 1) | (listed - 4) << 10, 14)
    end = 2
    for k in range(listed):
        header[end] = _token(own_lengths[_LENGTH_ORDER[k]], 3)
        end += 1
    for k in range(count):
        header[end] = tokens[symbols[k]]
        header[end + 1] = _token(values[k], _BITS_AFTER[symbols[k]])
        end += 2
    return end


@_jit
def _total_bits(header: Words, counts: Numbers, lengths: Numbers) -> int:
    """The size of a block."""
    bits = 0
    for token in header:
        bits += int(token & _SIZE_MASK)
    for symbol in range(_END + 1):
        bits += counts[symbol] * lengths[symbol]
    for symbol in range(_END + 1, _SYMBOLS):
        bits += counts[symbol] * (lengths[symbol] + _BITS_AFTER_RUN[symbol] + _DISTANCE_BITS)
    return bits


# A writer is a tuple: the index of the word that is being filled, the word, and how many of its
# bits are taken. Values are passed on, not kept in an array, so that they stay in registers.


@_jit
def _write(out: Words, writer: Writer, bits: np.uint64, size: np.uint64) -> Writer:
    """Appends the `size` bits of `bits`, at most 63.

    The word is stored whether full or not, which is quicker than to ask.
    """
    index, word, taken = writer
    word |= bits << taken
    out[index] = word
    total = taken + size
    if total < _64:
        return index, word, total
    return index + _1, bits >> (_64 - taken), total - _64  # `taken` is not 0 here


@_jit
def _write_token(out: Words, writer: Writer, token: np.uint64) -> Writer:
    return _write(out, writer, token >> _SIZE_BITS, token & _SIZE_MASK)


@_jit
def _write_literals(
    data: NDArray[np.uint8], start: int, stop: int, tokens: Words, out: Words, writer: Writer
) -> Writer:
    """Four at a time, which are at most 60 bits."""
    i, end = np.uint64(start), np.uint64(stop)
    while i + _4 <= end:
        a, b = tokens[data[i]], tokens[data[i + _1]]
        c, d = tokens[data[i + _2]], tokens[data[i + _3]]
        low = (a >> _SIZE_BITS) | (b >> _SIZE_BITS) << (a & _SIZE_MASK)
        high = (c >> _SIZE_BITS) | (d >> _SIZE_BITS) << (c & _SIZE_MASK)
        low_size = (a & _SIZE_MASK) + (b & _SIZE_MASK)
        high_size = (c & _SIZE_MASK) + (d & _SIZE_MASK)
        writer = _write(out, writer, low | high << low_size, low_size + high_size)
        i += _4
    while i < end:
        writer = _write_token(out, writer, tokens[data[i]])
        i += _1
    return writer


@_jit
def _write_symbols(
    data: NDArray[np.uint8],
    start: int,
    stop: int,
    runs: Numbers,
    tokens: Words,
    out: Words,
    writer: Writer,
) -> Writer:
    """The literals and runs of a block, and its end."""
    run_tokens = np.empty(_LONGEST_RUN + 1, np.uint64)
    _run_tokens_of(tokens, run_tokens)
    position = start
    for k in range(len(runs)):
        writer = _write_literals(data, position, runs[k, 0], tokens, out, writer)
        writer = _write_token(out, writer, run_tokens[runs[k, 1]])
        position = runs[k, 0] + runs[k, 1]
    writer = _write_literals(data, position, stop, tokens, out, writer)
    return _write_token(out, writer, tokens[_END])


@_jit
def _write_stored(
    data: NDArray[np.uint8], start: int, stop: int, last: bool, out: Words, writer: Writer
) -> Writer:
    """The bytes of a block as they are, from a whole byte on, after their number, twice."""
    writer = _write_token(out, writer, _token(int(last) | _STORED << 1, 3))
    out_bytes = out.view(np.uint8)
    i = _flush(out, writer)
    size = stop - start
    for k in range(2):
        out_bytes[i + k] = (size >> 8 * k) & 255
        out_bytes[i + 2 + k] = (~size >> 8 * k) & 255
    i += 4
    for k in range(size):
        out_bytes[i + k] = data[start + k]
    i += size
    taken = np.uint64(8 * (i % 8))
    return np.uint64(i // 8), out[i // 8] & ((_1 << taken) - _1), taken


@_jit
def _flush(out: Words, writer: Writer) -> int:
    """Stores the word as far as it is filled; returns the number of bytes up to there."""
    index, word, taken = writer
    out[index] = word
    return 8 * int(index) + (int(taken) + 7) // 8


@_jit
def _write_blocks(data: NDArray[np.uint8], out: Words) -> int:
    """The stream without its checksum; returns its number of bytes."""
    runs = np.empty((_BLOCK // _SHORTEST_RUN, 2), np.int64)
    marks = np.empty(8 * (_BLOCK // 8 + 1), np.uint8)
    starts = np.empty(_BLOCK // _SHORTEST_RUN + 8, np.int64)
    counts, lengths = np.empty(_SYMBOLS, np.int64), np.empty(_SYMBOLS, np.int64)
    tokens = np.empty(_SYMBOLS, np.uint64)
    header = np.empty(2 + _LENGTH_SYMBOLS + 2 * (_SYMBOLS + 1), np.uint64)
    writer = _write_token(out, (_0, _0, _0), _token(_ZLIB_HEADER, 16))
    for start in range(0, len(data), _BLOCK):
        stop = min(start + _BLOCK, len(data))
        last = stop == len(data)
        found = runs[: _find_runs(data, start, stop, marks, starts, runs)]
        _count_symbols(data, start, stop, found, counts)
        _code_lengths(counts, _LONGEST_CODE, lengths)
        described = header[: _block_header(lengths, len(found) > 0, last, header)]
        if _total_bits(described, counts, lengths) >= 8 * (stop - start):
            writer = _write_stored(data, start, stop, last, out, writer)
            continue
        for token in described:
            writer = _write_token(out, writer, token)
        _tokens_of(lengths, tokens)
        writer = _write_symbols(data, start, stop, found, tokens, out, writer)
    return _flush(out, writer)


def compress(data: NDArray[np.uint8]) -> bytes:
    """`data` as a zlib stream.

    It is at most 11 bytes longer than `data`, and 5 for every further 65535 bytes.

    Args:
        data: Any number of bytes, one-dimensional and C-contiguous.
    """
    if not len(data):
        return zlib.compress(b"")
    blocks = (len(data) + _BLOCK - 1) // _BLOCK
    most = _HEADER_BYTES + len(data) + _STORED_OVERHEAD * blocks + _CHECKSUM_BYTES
    out = np.empty(most // 8 + 2, np.uint64)
    source = data.view()
    source.flags.writeable = False  # numba compiles one version, for read-only arrays
    size = _write_blocks(source, out)
    checksum = isal_zlib.adler32(source.data).to_bytes(_CHECKSUM_BYTES, "big")
    return b"".join([out.view(np.uint8)[:size].data, checksum])
