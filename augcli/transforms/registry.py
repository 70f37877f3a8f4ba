"""Every transform, by the name it has in YAML and in recipes."""

from augcli.transforms.base import Transform
from augcli.transforms.ranges import Ranges

TRANSFORMS: dict[str, type[Transform]] = {
    "ranges": Ranges,
}
