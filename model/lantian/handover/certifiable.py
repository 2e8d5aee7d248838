"""Whether a run is what Lantian and its inputs make of it, and nothing else."""

from collections.abc import Mapping
from typing import Any

NOT_CERTIFIABLE = (
    "Not certifiable: constraints of the user's own making had a part in the least-cost mix."
)


def is_certifiable(manifest: Mapping[str, Any]) -> bool:
    """Tell whether nothing but Lantian and its inputs decided a run: no code of the user's own.

    Parameters
    ----------
    manifest
        What stands in ``manifest.json``.
    """
    return not any(name.endswith(".py") for name in manifest.get("inputs_sha256", {}))
