"""The pytest plug-in, as a user sees it: outcomes, output, JUnit, exit codes."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
import xml.etree.ElementTree as ElementTree

import pytest

ONE = "meterproof::SEC_DLMS_001/tcp/p01"


def test_the_catalogue_is_collected_without_energising(run_pytest, pytester):
    result = run_pytest("--meterproof-catalogue", "--collect-only", "-q")
    assert result.ret == pytest.ExitCode.OK
    ids = [line for line in result.outlines if line.startswith("meterproof::")]
    assert ONE in ids
    assert all(re.fullmatch(r"meterproof::\w+/\w+/p0[12]", line) for line in ids)
    assert not (pytester.path / "runs").exists()


def test_a_case_by_its_node_id_passes(run_pytest):
    result = run_pytest("-v", ONE)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"{ONE} PASSED*", "*run folder: *"])
    assert result.ret == pytest.ExitCode.OK


def test_what_is_deselected_does_not_run(run_pytest, pytester):
    result = run_pytest("--meterproof-cases=SEC_DLMS_001/tcp/*", "-k", "p02")
    result.assert_outcomes(passed=1, deselected=1)
    (journal,) = pytester.path.glob("runs/*/journal.jsonl")
    started = [
        event["case"] for event in map(json.loads, journal.read_text().splitlines())
        if event["type"] == "case_started"
    ]
    assert started == ["SEC_DLMS_001/tcp/p02"]


def test_a_weakness_fails_the_item_and_tells_why(run_pytest, pytester):
    result = run_pytest(
        "--meterproof-cases=SEC_DLMS_001/tcp/*", "--meterproof-weakness=p01:MUT_DLMS_001",
        "--junitxml=pytest.xml",
    )
    result.assert_outcomes(passed=1, failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["*NOT MET*plain_request_refused*", "*evidence*SEC_DLMS_001/tcp/p01*", f"FAILED {ONE} - plain_request_refused: *"]
    )
    assert "plugin.py" not in result.stdout.str()  # no traceback of ours
    cases = {
        case.get("name"): case for case in ElementTree.parse(pytester.path / "pytest.xml").iter("testcase")
    }
    failed = cases["SEC_DLMS_001/tcp/p01"]
    assert failed.find("failure") is not None and failed.find("error") is None
    properties = {p.get("name"): p.get("value") for p in failed.iter("property")}
    assert properties["verdict"] == "fail"
    assert properties["expectation"] == "plain_request_refused"
    assert cases["SEC_DLMS_001/tcp/p02"].find("failure") is None


def test_a_defect_of_the_bench_is_an_error_at_set_up(run_pytest, pytester):
    result = run_pytest(
        "--meterproof-cases=ACC_LOAD_001/imax_pf1/*", "--meterproof-weakness=REFERENCE_FROZEN",
        "--junitxml=pytest.xml",
    )
    result.assert_outcomes(errors=2)
    for case in ElementTree.parse(pytester.path / "pytest.xml").iter("testcase"):
        assert case.find("error") is not None and case.find("failure") is None
        properties = {p.get("name"): p.get("value") for p in case.iter("property")}
        assert properties["verdict"] in ("error", "inconclusive")


def test_a_missing_capability_skips(run_pytest, simulated_bench):
    text = simulated_bench.read_text()
    without = re.sub(r"\[\[position\.interface\]\]\nname = \"optical\"\n.*\n.*\n", "", text)
    assert without != text
    simulated_bench.write_text(without)
    result = run_pytest(
        f"--meterproof-bench={simulated_bench}", "--meterproof-cases=SEC_DLMS_001/*/p01", "-rs"
    )
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED*MissingCapability*optical*"])


def test_a_wrong_bench_file_is_a_usage_error(run_pytest, pytester):
    bench = pytester.path / "bench.toml"
    bench.write_text('[bench]\nname = "x"\nscale = 1\n')
    result = run_pytest("--meterproof-catalogue", f"--meterproof-bench={bench}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: *bench.toml: missing table*", "*bench.toml:3: unknown key*"])


def test_fixtures_without_the_catalogue(run_pytest, pytester):
    pytester.makepyfile(
        """
        import pytest

        def test_reads(bench, meter, source, reference):
            assert meter.identity().serial
            with source.energise(current=5.0):
                assert reference.read().i[0] == pytest.approx(5.0, rel=0.01)
            assert reference.read().i[0] == pytest.approx(0.0, abs=0.01)

        def test_position(position):
            position.meter.probe()
        """
    )
    result = run_pytest("-v", "--meterproof-position=all")
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines(["*test_reads[[]p01] PASSED*", "*test_reads[[]p02] PASSED*"])


def test_own_tests_and_the_catalogue_together(run_pytest, pytester):
    pytester.makepyfile("def test_own(meter): meter.probe()")
    result = run_pytest("--meterproof-cases=SEC_DLMS_001/tcp/p01", "test_own_tests_and_the_catalogue_together.py")
    result.assert_outcomes(passed=2)


def test_ctrl_c_in_the_middle_makes_safe_and_reports(pytester):
    pytester.makepyfile("def test_own(meter): meter.probe()")
    # The no-load test lasts many minutes at scale 1: the run cannot end by itself meanwhile.
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-p", "meterproof.plugin", "-v", "-p", "no:cacheprovider",
         pytester.path, "--meterproof-cases=ACC_NOLOAD_001/base/p01",
         "--meterproof-virtual-scale=1", "--meterproof-virtual-positions=1"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=pytester.path,
    )
    assert process.stdout is not None
    seen = ""
    for line in iter(process.stdout.readline, ""):
        seen += line
        if "PASSED" in line:
            break
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=60)
    assert process.returncode == pytest.ExitCode.INTERRUPTED, seen + rest
    assert "KeyboardInterrupt" in rest
    assert "run folder: " in rest
    (journal,) = pytester.path.glob("runs/*/journal.jsonl")
    events = [json.loads(line) for line in journal.read_text().splitlines()]
    assert [event["ok"] for event in events if event["type"] == "make_safe"] == [True]
    assert events[-1]["type"] == "run_finished" and not events[-1]["complete"]
    assert events[-1]["stopped_by"]
    assert (journal.parent / "junit.xml").exists()


def test_the_examples_of_the_page_work(run_pytest, pytester):
    page = (Path(__file__).resolve().parents[2] / "docs" / "python.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", page, re.S)
    assert len(blocks) == 4
    pytester.makepyfile("import time\n" + "\n".join(blocks[:3]))
    run_pytest("-v").assert_outcomes(passed=4)
    script = pytester.path / "script.py"  # its bench file is the reader's; here the virtual bench
    script.write_text(blocks[3].replace('"bench.toml", cases=["SEC_*"]', 'cases=["SEC_DLMS_001/tcp/p01"]'))
    run = pytester.run(sys.executable, script, timeout=120)
    assert run.ret == 0
    run.stdout.fnmatch_lines(["SEC_DLMS_001/tcp/p01 * pass*"])
