"""One run from bench file to exit code."""

from __future__ import annotations

import atexit
import json
import os
import weakref
from pathlib import Path
from typing import Any, Iterator, Sequence

from . import _meterproof
from ._programs import find_programs
from .devices import Bench

_open: weakref.WeakSet[Campaign] = weakref.WeakSet()


class Campaign:
    """Construct (the bench is loaded and checked, nothing is energised), begin() with the cases to
    run, ask for results, finish(). As a context manager it begins and finishes by itself.

    bench: path of a bench file; None starts the virtual bench.
    cases: shell patterns on procedure id or case, "ACC_*", "*/p01"; suites, clauses, at_least
    (severity) select further; empty selects everything.
    seed: 0 draws one. weaknesses, virtual_positions, virtual_scale: the virtual bench only.
    Raises ConfigError or BenchError.
    """

    def __init__(
        self,
        bench: str | os.PathLike[str] | None = None,
        *,
        tier: str = "demo",
        seed: int = 0,
        cases: Sequence[str] = (),
        suites: Sequence[str] = (),
        clauses: Sequence[str] = (),
        at_least: str | None = None,
        runs: str | os.PathLike[str] = "runs",
        resume: str | os.PathLike[str] | None = None,
        junit_dialect: str = "rich",
        weaknesses: Sequence[str] = (),
        virtual_positions: int = 2,
        virtual_scale: float = 500.0,
    ) -> None:
        find_programs()
        self._native = _meterproof.Campaign(
            bench=None if bench is None else Path(bench),
            runs=Path(runs),
            resume=None if resume is None else Path(resume),
            cases=list(cases),
            suites=list(suites),
            clauses=list(clauses),
            at_least=at_least,
            tier=tier,
            seed=seed,
            junit_dialect=junit_dialect,
            weaknesses=list(weaknesses),
            virtual_positions=virtual_positions,
            virtual_scale=virtual_scale,
        )
        self._process = os.getpid()
        self._selected: list[str] | None = None
        _open.add(self)

    @property
    def plan(self) -> list[_meterproof.Case]:
        """Every case that was selected, in running order, with the reasons of planned skips."""
        return self._native.plan

    @property
    def positions(self) -> list[str]:
        return self._native.positions

    def capabilities(self, position: str) -> set[str]:
        """What procedures may need of a position: "interface.tcp", "auth.hls_gmac", "pulse", ..."""
        return self._native.capabilities(position)

    def begin(self, selected: Sequence[str | _meterproof.Case] | None = None) -> None:
        """Opens the run folder. selected: cases of the plan; None is all, an empty list none."""
        names = [case.id for case in self.plan] if selected is None else [str(case) for case in selected]
        self._native.begin(names)
        self._selected = names

    def result(self, case: str | _meterproof.Case) -> _meterproof.Result:
        """Runs the case's whole stage, for all selected positions, unless its result is at hand.
        Asking again repeats the stage as a new attempt. Raises Cancelled after stop(), BenchError
        when the bench cannot be opened."""
        if self._selected is None:
            self.begin()
        return self._native.result(str(case))

    def run_all(self) -> dict[str, _meterproof.Result]:
        """Runs what begin() selected; results by case."""
        if self._selected is None:
            self.begin()
        return {case: self.result(case) for case in self._selected or []}

    def stop(self) -> None:
        """Asks everything that runs to stop. From any thread; returns at once."""
        self._native.stop()

    def finish(self) -> int:
        """Source off, reports and manifest written. Returns the exit code: 0 passed, 1 any fail,
        3 any error, inconclusive or incomplete, 4 nothing was judged. Calling it again is harmless."""
        return self._native.finish()

    @property
    def finished(self) -> bool:
        return self._native.finished

    @property
    def run_folder(self) -> Path:
        return self._native.run_folder

    @property
    def bench(self) -> Bench:
        """The devices, for work by hand. The first use opens the bench and holds the nominal voltage."""
        return Bench(self._native)

    def events(self, case: str | _meterproof.Case | None = None) -> Iterator[dict[str, Any]]:
        """The journal's events so far, or those of one case (docs/journal.md says what they hold)."""
        with open(self.run_folder / "journal.jsonl", encoding="utf-8") as journal:
            for line in journal:
                if not line.endswith("\n"):
                    return  # being written, or torn
                event = json.loads(line)
                if case is None or event.get("case") == str(case):
                    yield event

    def __enter__(self) -> Campaign:
        if self._selected is None:
            self.begin()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            self.stop()
        self.finish()


@atexit.register
def _finish_all() -> None:
    for campaign in list(_open):
        # A forked child has a copy of the object, but neither the threads nor the right to finish.
        if campaign._process == os.getpid() and campaign._selected is not None:
            try:
                campaign.finish()
            except _meterproof.Error:
                pass  # the supervisor process switches off what could not be confirmed
