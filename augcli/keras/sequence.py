"""How an iterator becomes a Keras Sequence without Keras being imported.

Keras asks `isinstance(x, PyDataset)` (Keras 3) or `isinstance(x, Sequence)` (before) to see
whether it may index `x`. Importing Keras for that would take seconds, and whoever trains with it
has imported it already: so its class becomes a base of iterators made after that, and of no others.
"""

import sys

_BASES = (("keras", "PyDataset"), ("keras", "Sequence"), ("tf_keras", "Sequence"))
_made: dict[tuple[type, tuple[type, ...]], type] = {}


def loaded_bases() -> tuple[type, ...]:
    """The classes by which the Keras versions that are loaded know what they may index."""
    found: dict[type, None] = {}
    for module, name in _BASES:
        utils = getattr(sys.modules.get(module), "utils", None)
        base = getattr(utils, name, None)
        if isinstance(base, type):
            found[base] = None  # Keras 3 has one class by both names
    return tuple(found)


def with_bases(cls: type, bases: tuple[type, ...]) -> type:
    """`cls` with `bases` behind it in the order in which methods are looked up."""
    missing = tuple(base for base in bases if not issubclass(cls, base))
    if not missing:
        return cls
    if (cls, missing) not in _made:
        namespace = {"__doc__": cls.__doc__, "__module__": cls.__module__}
        _made[cls, missing] = type(cls.__name__, (cls, *missing), namespace)
    return _made[cls, missing]
