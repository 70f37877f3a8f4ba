"""Deflate for the filtered rows of pictures: runs of a byte, and Huffman codes.

The result is a zlib stream (RFC 1950) of deflate blocks (RFC 1951). A search for repeated
strings, where deflate usually spends its time, finds next to nothing in the filtered rows of a
photo. So the only matches here are runs of one byte, which are matches at distance 1, and all
else is literals. A block is first turned into a list of items: what follows, to count them, to
give them codes, and to write the codes, are loops that do the same for every item. The processor
guesses the way of a loop ahead, and a run treated apart in each of them costs more than its bytes.
"""

import zlib

import numpy as np
from isal import isal_zlib
from numba import njit
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Numbers = NDArray[np.int64]
Items = NDArray[np.uint16]
Writer = tuple[np.uint64, np.uint64, np.uint64]

_BLOCK = 65535  # bytes; the most that one stored block holds
_SHORTEST_MATCH, _LONGEST_MATCH = 3, 258
_SHORTEST_RUN = 5  # that is looked for: shorter ones make photos hardly smaller, and are many

_ZLIB_HEADER = 0x0178  # deflate, window of 32 KB; the first byte is the lowest
_HEADER_BYTES, _CHECKSUM_BYTES = 2, 4
_WORD = 8  # bytes
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

# An item is a literal (0 to 255), the end of a block (256), or 256 and the length of a run.
_RUN = np.uint64(256)
_ITEMS = int(_RUN) + _LONGEST_MATCH + 1

# A token is the bits to write, with their number in six bits below them.
_SIZE_BITS, _SIZE_MASK = np.uint64(6), np.uint64(63)
_MOST_BITS = np.uint64(56)  # written at once: with 7 left over from before, they fit into a word


def _run_symbols() -> Numbers:
    """Of each run length: its symbol, the number of bits after it, and their value.

    RFC 1951, 3.2.5: 8 symbols for one length each, then four each for 2, 4, 8, 16 and 32 lengths;
    the longest has a symbol of its own.
    """
    table = np.zeros((_LONGEST_MATCH + 1, 3), np.int64)
    length = _SHORTEST_MATCH
    for symbol in range(_END + 1, _SYMBOLS - 1):
        extra_bits = max(0, (symbol - _END - 1) // 4 - 1)
        for value in range(1 << extra_bits):
            table[length] = symbol, extra_bits, value
            length += 1
    table[_LONGEST_MATCH] = _SYMBOLS - 1, 0, 0
    return table


_RUN_SYMBOLS = _run_symbols()

# Numba checks signed indices for negative ones, which costs the inner loops half their speed,
# and turns a sum of a signed and an unsigned number into a float: hence these.
_0, _1, _2, _3, _4, _7 = np.array([0, 1, 2, 3, 4, 7], np.uint64)

_jit = njit(nogil=True, cache=True, error_model="numpy")


@_jit
def _are_equal(values: NDArray[np.uint8]) -> bool:
    for value in values:  # noqa: SIM110 - numba has no all() of a generator
        if value != values[0]:
            return False
    return True


@_jit
def _mark_ends(window: NDArray[np.uint8], marks: NDArray[np.uint8]) -> None:
    """Marks both ends of every row of more than `_SHORTEST_RUN` equal bytes, and nothing else.

    marks[k] is 1 where the `_SHORTEST_RUN` bytes from k on are equal, and the first of such a row,
    or the last. Were they both, there would be no more of them.
    """
    marks[:] = 0
    last = len(window) - _SHORTEST_RUN
    if last < 1:
        return
    inner = marks[1:]
    for k in range(last - 1):
        first = window[k + 1]
        differ = np.uint8(0)
        for offset in range(2, _SHORTEST_RUN + 1):
            differ |= first ^ window[k + offset]
        goes_before = np.uint8(window[k] == first)
        goes_on = np.uint8(window[k + 1 + _SHORTEST_RUN] == first)
        inner[k] = np.uint8(differ == 0) & (goes_before ^ goes_on)
    marks[0] = _are_equal(window[: _SHORTEST_RUN + 1])
    marks[last] = _are_equal(window[last - 1 :])


@_jit
def _list_marks(marks: NDArray[np.uint8], listed: Numbers) -> int:
    """The indices of the marks; returns how many. Few are marked, so it skips eight at a time."""
    marks_by_eight = marks.view(np.uint64)
    count = 0
    for eight in range(len(marks_by_eight)):
        if marks_by_eight[eight]:
            for k in range(8 * eight, 8 * eight + 8):
                listed[count] = k
                count += marks[k]
    return count


@_jit
def _find_runs(
    data: NDArray[np.uint8], start: int, stop: int, marks: NDArray[np.uint8], ends: Numbers
) -> int:
    """Lists where bytes from `start` to `stop` begin to repeat the byte before them, and cease to.

    Returns how many positions there are: two for each run.
    """
    first = max(start - 1, 0)
    marks = marks[: 8 * ((stop - first) // 8 + 1)]
    _mark_ends(data[first:stop], marks)
    count = _list_marks(marks, ends)
    for k in range(0, count, 2):
        ends[k] += first + 1
        ends[k + 1] += first + _SHORTEST_RUN
    return count


@_jit
def _add_literals(
    data: NDArray[np.uint8], start: np.uint64, stop: np.uint64, items: Items, count: np.uint64
) -> np.uint64:
    """Appends the bytes before a run as items; returns how many items there are then.

    Four at a time: up to three bytes of the run are copied along, for its items to overwrite. Most
    stretches are short, and to stop at the very last of them takes more time than that.
    """
    i, end = start, count
    while i < stop:
        for k in range(4):
            items[end + np.uint64(k)] = data[i + np.uint64(k)]
        i += _4
        end += _4
    return count + (stop - start)


@_jit
def _add_run(length: np.uint64, byte: np.uint8, items: Items, count: np.uint64) -> np.uint64:
    """Appends a run, in parts where it is too long for one match; returns as `_add_literals`."""
    while length >= np.uint64(_SHORTEST_MATCH):
        part = min(length, np.uint64(_LONGEST_MATCH))
        items[count] = _RUN + part
        count += _1
        length -= part
    items[count] = items[count + _1] = byte  # at most two are left
    return count + length


@_jit
def _list_items(
    data: NDArray[np.uint8], start: int, stop: int, ends: Numbers, items: Items
) -> np.uint64:
    """The bytes from `start` to `stop` and the block's end as items; returns how many."""
    position = np.uint64(start)
    count = _0
    for k in range(0, len(ends), 2):
        run_start, run_stop = np.uint64(ends[k]), np.uint64(ends[k + 1])
        count = _add_literals(data, position, run_start, items, count)
        count = _add_run(run_stop - run_start, data[run_start], items, count)
        position = run_stop
    for i in range(position, np.uint64(stop)):
        items[count] = data[i]
        count += _1
    items[count] = _END
    return np.uint64(count + _1)


@_jit
def _count_items(items: Items, counts: Numbers) -> None:
    """How often each item occurs. Four sums each, so that equal neighbours need not wait."""
    sums = np.zeros((4, _ITEMS), np.uint32)
    i, end = _0, np.uint64(len(items))
    while i + _4 <= end:
        sums[0, items[i]] += np.uint32(1)
        sums[1, items[i + _1]] += np.uint32(1)
        sums[2, items[i + _2]] += np.uint32(1)
        sums[3, items[i + _3]] += np.uint32(1)
        i += _4
    while i < end:
        sums[0, items[i]] += np.uint32(1)
        i += _1
    for item in range(_ITEMS):
        counts[item] = sums[0, item] + sums[1, item] + sums[2, item] + sums[3, item]


@_jit
def _count_symbols(item_counts: Numbers, counts: Numbers) -> None:
    """How often each symbol of deflate occurs."""
    counts[:] = 0
    for symbol in range(_END + 1):
        counts[symbol] = item_counts[symbol]
    for length in range(_SHORTEST_MATCH, _LONGEST_MATCH + 1):
        counts[_RUN_SYMBOLS[length, 0]] += item_counts[int(_RUN) + length]


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
    return np.uint64(bits << 6 | size)


@_jit
def _tokens_of_symbols(lengths: Numbers, tokens: Words) -> None:
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
def _tokens_of_items(lengths: Numbers, tokens: Words) -> None:
    """The token of each item: that of a run has the bits after its symbol, and distance 1."""
    symbol_tokens = np.empty(_SYMBOLS, np.uint64)
    _tokens_of_symbols(lengths, symbol_tokens)
    for symbol in range(_END + 1):
        tokens[symbol] = symbol_tokens[symbol]
    for length in range(_SHORTEST_MATCH, _LONGEST_MATCH + 1):
        symbol, extra_bits, value = _RUN_SYMBOLS[length]
        size = lengths[symbol]
        bits = int(symbol_tokens[symbol] >> _SIZE_BITS) | value << size
        tokens[int(_RUN) + length] = _token(bits, size + extra_bits + _DISTANCE_BITS)


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
    """The tokens before the items of a block (RFC 1951, 3.2.7); returns how many.

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
    _tokens_of_symbols(own_lengths, tokens)
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
def _total_bits(header: Words, item_counts: Numbers, tokens: Words) -> int:
    """The size of a block."""
    bits = 0
    for token in header:
        bits += int(token & _SIZE_MASK)
    for item in range(_ITEMS):
        bits += item_counts[item] * int(tokens[item] & _SIZE_MASK)
    return bits


# A writer is a tuple: the index of the byte that is being filled, a word that begins with this
# byte, and how many of its bits are taken, at most 7 between two writes. Values are passed on, not
# kept in an array, so that they stay in registers.


@_jit
def _write(out: Words, writer: Writer, bits: np.uint64, size: np.uint64) -> Writer:
    """Appends the `size` bits of `bits`, at most `_MOST_BITS`.

    `out` has a word for every byte, which begins there. A word is stored whether full or not, for
    the next one to overwrite: that takes no branches.
    """
    index, word, taken = writer
    word |= bits << taken
    out[index] = word
    taken += size
    return index + (taken >> _3), word >> (taken & ~_7), taken & _7


@_jit
def _write_token(out: Words, writer: Writer, token: np.uint64) -> Writer:
    return _write(out, writer, token >> _SIZE_BITS, token & _SIZE_MASK)


@_jit
def _write_items(items: Items, tokens: Words, out: Words, writer: Writer) -> Writer:
    """Four at a time, or two and two where their bits are too many."""
    i, end = _0, np.uint64(len(items))
    while i + _4 <= end:
        a, b = tokens[items[i]], tokens[items[i + _1]]
        c, d = tokens[items[i + _2]], tokens[items[i + _3]]
        low = (a >> _SIZE_BITS) | (b >> _SIZE_BITS) << (a & _SIZE_MASK)
        high = (c >> _SIZE_BITS) | (d >> _SIZE_BITS) << (c & _SIZE_MASK)
        low_size, high_size = (a + b) & _SIZE_MASK, (c + d) & _SIZE_MASK
        if low_size + high_size <= _MOST_BITS:
            writer = _write(out, writer, low | high << low_size, low_size + high_size)
        else:
            writer = _write(out, writer, low, low_size)
            writer = _write(out, writer, high, high_size)
        i += _4
    while i < end:
        writer = _write_token(out, writer, tokens[items[i]])
        i += _1
    return writer


@_jit
def _write_stored(
    data: NDArray[np.uint8], start: int, stop: int, last: bool, out: Words, writer: Writer
) -> Writer:
    """The bytes of a block as they are, from a whole byte on, after their number, twice."""
    writer = _write_token(out, writer, _token(int(last) | _STORED << 1, 3))
    index = _flush(out, writer)
    size = stop - start
    out[index] = np.uint64(size | (~size & 0xFFFF) << 16)
    index += _4
    for k in range(start, stop):
        out[index] = np.uint64(data[k])
        index += _1
    return index, _0, _0


@_jit
def _flush(out: Words, writer: Writer) -> np.uint64:
    """Stores what is left over of a byte; returns the number of bytes up to there."""
    index, word, taken = writer
    out[index] = word
    return np.uint64(index + ((taken + _7) >> _3))


@_jit
def _write_blocks(data: NDArray[np.uint8], out: Words) -> int:
    """The stream without its checksum; returns its number of bytes."""
    marks = np.empty(8 * (_BLOCK // 8 + 2), np.uint8)
    ends = np.empty(len(marks), np.int64)
    items = np.empty(_BLOCK + 1, np.uint16)
    item_counts, tokens = np.empty(_ITEMS, np.int64), np.zeros(_ITEMS, np.uint64)
    counts, lengths = np.empty(_SYMBOLS, np.int64), np.empty(_SYMBOLS, np.int64)
    header = np.empty(2 + _LENGTH_SYMBOLS + 2 * (_SYMBOLS + 1), np.uint64)
    writer = _write_token(out, (_0, _0, _0), _token(_ZLIB_HEADER, 16))
    for start in range(0, len(data), _BLOCK):
        stop = min(start + _BLOCK, len(data))
        last = stop == len(data)
        found = ends[: _find_runs(data, start, stop, marks, ends)]
        listed = items[: _list_items(data, start, stop, found, items)]
        _count_items(listed, item_counts)
        _count_symbols(item_counts, counts)
        _code_lengths(counts, _LONGEST_CODE, lengths)
        _tokens_of_items(lengths, tokens)
        described = header[: _block_header(lengths, len(found) > 0, last, header)]
        if _total_bits(described, item_counts, tokens) >= 8 * (stop - start):
            writer = _write_stored(data, start, stop, last, out, writer)
            continue
        for token in described:
            writer = _write_token(out, writer, token)
        writer = _write_items(listed, tokens, out, writer)
    return int(_flush(out, writer))


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
    out = np.empty(most + _WORD, np.uint8)
    words = np.ndarray(most, np.uint64, out.data, strides=(1,))  # one begins at every byte
    source = data.view()
    source.flags.writeable = False  # numba compiles one version, for read-only arrays
    size = _write_blocks(source, words)
    checksum = isal_zlib.adler32(source.data).to_bytes(_CHECKSUM_BYTES, "big")
    return b"".join([out[:size].data, checksum])
