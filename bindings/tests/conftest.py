"""Tests of the package meterproof. Each pytest run inside a test is a process of its own, as a user's is."""

import os
import signal
import subprocess
from pathlib import Path
from typing import Iterator

import pytest

import meterproof

PROGRAMS = Path(os.path.abspath(meterproof.__file__)).parent.parent.parent

pytest_plugins = ["pytester"]


@pytest.fixture
def run_pytest(pytester: pytest.Pytester):
    """Runs pytest with the plug-in in an empty folder, on the virtual bench with two positions."""

    def run(*arguments: str) -> pytest.RunResult:
        return pytester.runpytest_subprocess(
            "-p", "meterproof.plugin", "-p", "no:cacheprovider", "--meterproof-virtual-positions=2",
            *arguments, timeout=120,
        )

    return run


@pytest.fixture
def simulated_bench(tmp_path: Path) -> Iterator[Path]:
    """The bench file of a virtual bench that was started separately and outlives every campaign."""
    folder = tmp_path / "simulated"
    world = subprocess.Popen(
        [PROGRAMS / "meterproof", "simulate", "--directory", folder, "--positions", "2",
         "--exit-with-parent"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    assert world.stdout is not None
    line = world.stdout.readline()
    assert line.startswith("READY "), line
    yield Path(line.removeprefix("READY ").strip())
    world.send_signal(signal.SIGTERM)
    world.communicate(timeout=30)
