"""The pytest plug-in: cases of the catalogue as test items, and fixtures for tests written by hand.

    pytest -p meterproof.plugin --meterproof-catalogue             everything, on the virtual bench
    pytest -p meterproof.plugin meterproof::SEC_DLMS_001/tcp/p01   one case, by its node id
    pytest -p meterproof.plugin my_tests/                          own tests with the fixtures

An item only asks the campaign for its case: the first one of a stage runs it for all selected
positions. A failed case fails; an error of the bench and an inconclusive case are errors at set-up,
because nothing was proved about the meter; a missing capability skips.
"""

from __future__ import annotations

from typing import Any, Iterator

import pytest
from _pytest._code.code import ReprFileLocation

from . import (
    BenchError,
    Campaign,
    Case,
    ConfigError,
    Error,
    Position,
    Pulses,
    ReferenceStandard,
    Result,
    Source,
    Bench,
    Meter,
)

NODE = "meterproof"  # node ids are meterproof::PROCEDURE/variant/position


class _Verdict(pytest.fail.Exception):  # type: ignore[name-defined,misc]
    """Shown as its message alone: no line of Python explains a verdict."""

    def __init__(self, text: str) -> None:
        super().__init__(text, pytrace=False)


class CaseFailed(_Verdict):
    pass


class CaseError(_Verdict):
    pass


class CaseInconclusive(_Verdict):
    pass


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("meterproof", "smart meters on the bench (meterproof)")
    add = group.addoption
    add("--meterproof-catalogue", action="store_true", help="collect the cases of the catalogue")
    add("--meterproof-bench", metavar="FILE", help="bench file; default: the virtual bench")
    add("--meterproof-tier", default="demo", choices=["demo", "standard", "full"],
        help="size of the parameters (default: demo)")
    add("--meterproof-seed", type=int, default=0, help="run seed; 0 draws one")
    add("--meterproof-cases", action="append", default=[], metavar="PATTERN",
        help="collect cases that match, 'ACC_*', '*/p01' (repeatable)")
    add("--meterproof-suite", action="append", default=[], metavar="SUITE",
        help="collect cases of this suite (repeatable)")
    add("--meterproof-runs", default="runs", metavar="DIR", help="folder for run folders")
    add("--meterproof-position", metavar="NAME",
        help="position of the fixtures: a name (default: the first), or 'all' to repeat each test")
    add("--meterproof-virtual-positions", type=int, default=2, metavar="N",
        help="positions of the virtual bench")
    add("--meterproof-virtual-scale", type=float, default=500.0, metavar="S",
        help="bench seconds per second on the virtual bench")
    add("--meterproof-weakness", action="append", default=[], metavar="NAME",
        help="defect of the virtual bench: NAME or POSITION:NAME (repeatable)")


class Run:
    """The one campaign of a pytest session; made when it is first needed."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.campaign: Campaign | None = None
        self.begun = False
        self.exit_code: int | None = None
        option = config.getoption
        arguments = getattr(config, "args", [])  # absent for --help
        named = [arg.split("::", 1)[1] for arg in arguments if arg.startswith(NODE + "::")]
        paths = [arg for arg in arguments if not arg.startswith(NODE + "::")]
        self.patterns: list[str] = option("--meterproof-cases") + [name for name in named if name]
        self.catalogue: bool = bool(
            option("--meterproof-catalogue") or named or self.patterns or option("--meterproof-suite")
        )
        # Paths that nobody gave are pytest's own default: the catalogue alone was asked for.
        source = getattr(config, "args_source", None)
        given = source is None or source.name == "ARGS"
        if self.catalogue and hasattr(config, "args"):
            config.args[:] = paths if given else []

    def open(self) -> Campaign:
        if self.campaign is None:
            option = self.config.getoption
            try:
                self.campaign = Campaign(
                    option("--meterproof-bench"),
                    tier=option("--meterproof-tier"),
                    seed=option("--meterproof-seed"),
                    cases=self.patterns,
                    suites=option("--meterproof-suite"),
                    runs=option("--meterproof-runs"),
                    weaknesses=option("--meterproof-weakness"),
                    virtual_positions=option("--meterproof-virtual-positions"),
                    virtual_scale=option("--meterproof-virtual-scale"),
                )
            except ConfigError as error:
                raise pytest.UsageError(str(error)) from None
        return self.campaign

    def begin(self, selected: list[str]) -> Campaign:
        campaign = self.open()
        if not self.begun:
            campaign.begin(selected)
            self.begun = True
        return campaign

    def finish(self) -> None:
        if self.begun and self.campaign is not None and self.exit_code is None:
            self.exit_code = self.campaign.finish()
        self.campaign_folder = self.campaign.run_folder if self.begun and self.campaign else None
        self.campaign = None


_run_key = pytest.StashKey[Run]()


def _run(config: pytest.Config) -> Run:
    return config.stash[_run_key]


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_run_key] = Run(config)


class Catalogue(pytest.Collector):
    def collect(self) -> Iterator[CaseItem]:
        for case in _run(self.config).open().plan:
            yield CaseItem.from_parent(self, name=case.id, nodeid=f"{NODE}::{case.id}", case=case)


class CaseItem(pytest.Item):
    """One case. What it needs, the scheduler knows; it has no fixtures."""

    def __init__(self, *, case: Case, **rest: Any) -> None:
        super().__init__(**rest)
        self.case = case
        self.verdict: Result | None = None
        for word in (case.suite, case.severity):  # for -m
            self.config.addinivalue_line("markers", f"{word}: cases of the meterproof catalogue")
            self.add_marker(getattr(pytest.mark, word))

    def setup(self) -> None:
        campaign = _run(self.config).begin([self.case.id])
        note = self.user_properties.append
        note(("case", self.case.id))
        note(("title", self.case.title))
        note(("severity", self.case.severity))
        note(("clauses", "; ".join(self.case.clauses)))
        try:
            self.verdict = result = campaign.result(self.case)
        except BenchError as error:
            note(("verdict", "error"))
            raise CaseError(f"bench: {error}") from None
        note(("verdict", result.verdict))
        if result.verdict == "pass":
            return
        note(("reason_type", result.type))
        if result.verdict == "skipped":
            pytest.skip(f"{result.type}: {result.reason}")
        if result.verdict == "inconclusive":
            raise CaseInconclusive("inconclusive: " + self._story(campaign, result))
        if result.verdict == "error":
            raise CaseError(self._story(campaign, result))

    def runtest(self) -> None:
        if self.verdict is not None and self.verdict.verdict == "fail":
            self.user_properties.append(("expectation", self.verdict.expectation))
            raise CaseFailed(self._story(_run(self.config).open(), self.verdict))

    def _story(self, campaign: Campaign, result: Result) -> str:
        """The reason in the first line; below it what a reader needs to believe it."""
        case = self.case
        lines = [
            result.reason if result.type in result.reason else f"{result.reason} ({result.type})",
            "",
            f"{case.title} [{case.severity}]: {case.variant_title or case.variant}, position {case.position}",
        ]
        lines += [f"  clause       {clause}" for clause in case.clauses]
        for event in campaign.events(case):
            kind = event["type"]
            if kind == "step":
                lines.append(f"  step         {event['text']}")
            elif kind == "control" and not event["ok"]:
                lines.append(f"  CONTROL      {event['name']} ({event['when']}): {event['detail']}")
            elif kind in ("expectation", "requirement") and not event["met"]:
                lines.append(f"  NOT MET      {event['name']}: {event['detail']}")
            elif kind == "measurement":
                lines.append(f"  measurement  {event['name']}: {event['summary']}")
        lines.append(f"  evidence     {campaign.run_folder / 'cases' / case.id}")
        return "\n".join(lines)

    def _repr_failure_py(self, excinfo: Any, style: Any = None) -> Any:
        # pytest gives a failure without traceback no place in its one-line summary and takes the
        # whole text as the message in JUnit: both are for the first line.
        shown = super()._repr_failure_py(excinfo, style)
        if isinstance(excinfo.value, _Verdict) and getattr(shown, "reprcrash", "") is None:
            first = str(excinfo.value).split("\n", 1)[0]
            shown.reprcrash = ReprFileLocation(NODE, 1, first)
        return shown

    def reportinfo(self) -> tuple[Any, int | None, str]:
        return self.config.rootpath / NODE, None, self.case.id


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    run = _run(session.config)
    if run.catalogue:
        try:
            run.open()
        except Error as error:
            raise pytest.UsageError(str(error)) from None


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    outcome: Any = yield
    if isinstance(collector, pytest.Session) and _run(collector.config).catalogue:
        report = outcome.get_result()
        catalogue = Catalogue.from_parent(collector, name=NODE, nodeid=NODE)
        report.result = [*(report.result or []), catalogue]  # after tests of the user's own


def pytest_collection_finish(session: pytest.Session) -> None:
    # Now it is known what -k and other plug-ins left: stages run for all selected positions at once.
    cases = [item.case.id for item in session.items if isinstance(item, CaseItem)]
    if cases and not session.config.option.collectonly:
        try:
            _run(session.config).begin(cases)
        except Error as error:
            raise pytest.UsageError(str(error)) from None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "position" in metafunc.fixturenames and metafunc.config.getoption("--meterproof-position") == "all":
        names = _run(metafunc.config).open().positions
        metafunc.parametrize("position", names, indirect=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    run = _run(session.config)
    if exitstatus == pytest.ExitCode.INTERRUPTED and run.campaign is not None:
        run.campaign.stop()  # Ctrl-C between two calls: the journal shall say that it was stopped
    run.finish()


def pytest_unconfigure(config: pytest.Config) -> None:
    run = config.stash.get(_run_key, None)
    if run is not None:
        run.finish()  # a session that never started, or broke


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    run = _run(config)
    folder = getattr(run, "campaign_folder", None)
    if folder is not None:
        terminalreporter.section("meterproof")
        terminalreporter.line(f"run folder: {folder}")


@pytest.fixture(scope="session")
def bench(request: pytest.FixtureRequest) -> Bench:
    """The bench, open: --meterproof-bench, or the virtual one. Nominal voltage is held."""
    return _run(request.config).begin([]).bench


@pytest.fixture
def position(request: pytest.FixtureRequest, bench: Bench) -> Position:
    """One position: --meterproof-position, or the first; with 'all', each in turn."""
    chosen = getattr(request, "param", None) or request.config.getoption("--meterproof-position")
    return bench.position(chosen)


@pytest.fixture
def meter(position: Position) -> Meter:
    """The meter under test at that position."""
    return position.meter


@pytest.fixture
def pulses(position: Position) -> Pulses:
    """The pulse output of that meter."""
    return position.pulses


@pytest.fixture(scope="session")
def source(bench: Bench) -> Source:
    """The source: `with source.energise(current=5): ...`"""
    return bench.source


@pytest.fixture(scope="session")
def reference(bench: Bench) -> ReferenceStandard:
    """The reference standard."""
    return bench.reference
