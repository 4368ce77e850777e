"""Finds the programs that the harness starts: they stand beside the package's folder in a build, on
the PATH when installed. The environment (METERPROOF_SUPERVISOR, ...) comes first."""

import os
import shutil
from pathlib import Path

_PROGRAMS = {
    "METERPROOF_SUPERVISOR": "meterproof-supervisor",
    "METERPROOF_WORLD": "meterproof-world",
}


def find_programs() -> None:
    # Not resolve(): in a build the sources are links, and the programs are beside the links.
    build = Path(os.path.abspath(__file__)).parent.parent.parent
    for variable, name in _PROGRAMS.items():
        if variable in os.environ:
            continue
        beside = build / name
        path = str(beside) if os.access(beside, os.X_OK) else shutil.which(name)
        if path:
            os.environ[variable] = path
