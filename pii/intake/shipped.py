"""Where the files that come with the engine lie: beside the package, or in the environment."""

import sysconfig
from pathlib import Path

from pii.errors import DefinitionError


def shipped(name: str) -> Path:
    """Path of a file that ships with the engine, such as "indicators.yaml".

    A source tree keeps it beside the package; an installed wheel puts it under share/pii-vn.
    """
    roots = [Path(__file__).resolve().parents[2], Path(sysconfig.get_path("data"), "share/pii-vn")]
    for root in roots:
        if (root / name).is_file():
            return root / name
    raise DefinitionError(f"{name} does not come with this installation; name the file yourself")
