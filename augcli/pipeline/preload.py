"""What the fork server loads once, so that a worker starts with all of it in memory.

Only the import matters: `executors` names this module to the server.
"""

import augcli.pipeline.worker  # noqa: F401
from augcli.images.formats import FORMATS

__all__ = ["FORMATS"]
