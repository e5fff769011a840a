"""The project's own layers, read and written. The one room GDAL lives in, with its doors closed."""

from rollout.layers.environment import close_doors

close_doors()

from rollout.layers.read import Reading, read_layer  # noqa: E402 - the doors close first
from rollout.layers.write import write_layer  # noqa: E402

__all__ = ["Reading", "read_layer", "write_layer"]
