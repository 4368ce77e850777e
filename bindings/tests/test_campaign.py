"""The Python API against the virtual bench."""

import json
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import meterproof


def test_run_from_plan_to_manifest(tmp_path):
    with meterproof.Campaign(cases=["SEC_DLMS_001/tcp/*"], runs=tmp_path, virtual_positions=2) as campaign:
        assert [case.id for case in campaign.plan] == ["SEC_DLMS_001/tcp/p01", "SEC_DLMS_001/tcp/p02"]
        case = campaign.plan[0]
        assert (case.suite, case.procedure, case.position) == ("security", "SEC_DLMS_001", "p01")
        assert case.clauses and case.title and case.skip is None
        results = campaign.run_all()
        assert [result.verdict for result in results.values()] == ["pass", "pass"]
    assert campaign.finish() == 0
    verdicts = [event["verdict"] for event in campaign.events() if event["type"] == "verdict"]
    assert verdicts == ["pass", "pass"]
    assert json.loads((campaign.run_folder / "manifest.json").read_text())


def test_a_weakness_fails_at_the_expectation_that_catches_it(tmp_path):
    campaign = meterproof.Campaign(
        cases=["SEC_DLMS_001/tcp/*"], runs=tmp_path, virtual_positions=2, weaknesses=["p01:MUT_DLMS_001"]
    )
    with campaign:
        results = campaign.run_all()
    assert results["SEC_DLMS_001/tcp/p01"].verdict == "fail"
    assert results["SEC_DLMS_001/tcp/p01"].expectation == "plain_request_refused"
    assert results["SEC_DLMS_001/tcp/p02"].verdict == "pass"
    assert campaign.finish() == 1


def test_a_wrong_name_is_a_config_error_that_names_the_nearest():
    with pytest.raises(meterproof.ConfigError, match="MUT_DLMS_001") as caught:
        meterproof.Campaign(weaknesses=["MUT_DLMS_0001"])
    ((file, line, message),) = caught.value.diagnostics
    assert "MUT_DLMS_0001" in message
    with pytest.raises(meterproof.ConfigError, match="demo, standard, full"):
        meterproof.Campaign(tier="demon")


def test_a_bench_file_with_a_problem_says_file_and_line(tmp_path):
    bench = tmp_path / "bench.toml"
    bench.write_text('[bench]\nname = "x"\nscale = 1\n')
    with pytest.raises(meterproof.ConfigError, match=r"bench\.toml:3: "):
        meterproof.Campaign(bench)


def test_devices_by_hand(tmp_path):
    with meterproof.Campaign(runs=tmp_path, virtual_positions=2, cases=["SEC_DLMS_001/*"]) as campaign:
        bench = campaign.bench
        assert [position.name for position in bench.positions] == ["p01", "p02"]
        meter = bench.position("p02").meter
        meter.probe()
        assert meter.identity().serial
        before = meter.read_register()
        assert before.resolution_wh > 0
        with bench.source.energise(current=10.0, power_factor=0.5):
            reading = bench.reference.read()
            assert reading.power == pytest.approx(3 * 230 * 10 * 0.5, rel=0.01)
            edges = bench.position("p02").pulses.edges(2)
            assert edges[1].index == edges[0].index + 1
            assert edges[1].counter_ns > edges[0].counter_ns
        after = bench.reference.read()
        assert after.power == pytest.approx(0, abs=1)
        assert after.u[0] == pytest.approx(230, rel=0.01)  # what was held before
        assert meter.read_energy() >= before.wh


def test_outside_the_safety_envelope_is_a_bench_error(tmp_path):
    with meterproof.Campaign(runs=tmp_path, virtual_positions=1, cases=["SEC_DLMS_001/*"]) as campaign:
        with pytest.raises(meterproof.BenchError, match="safety envelope"):
            with campaign.bench.source.energise(voltage=400.0):
                pass


def test_devices_after_the_end_are_refused(tmp_path):
    with meterproof.Campaign(runs=tmp_path, virtual_positions=1, cases=["SEC_DLMS_001/*"]) as campaign:
        meter = campaign.bench.position().meter
        meter.probe()
    with pytest.raises(meterproof.BenchError, match="finished"):
        meter.probe()


def test_a_stopped_campaign_cancels_what_has_not_begun(tmp_path):
    with meterproof.Campaign(runs=tmp_path, virtual_positions=1, cases=["SEC_DLMS_001/*"]) as campaign:
        campaign.stop()
        with pytest.raises(meterproof.Cancelled):
            campaign.result(campaign.plan[0])
    assert campaign.finish() != 0


class Forwarder:
    """Passes bytes between a port of its own and a meter, with Python threads: while one of them is
    blocked by a held GIL, nothing passes."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.passed = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            meter = socket.create_connection(("127.0.0.1", self._port))
            for source, sink in ((client, meter), (meter, client)):
                threading.Thread(target=self._copy, args=(source, sink), daemon=True).start()

    def _copy(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(4096):
                self.passed += len(data)
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self) -> None:
        self._listener.close()


def test_the_gil_is_released_while_blocking(simulated_bench, tmp_path):
    text = simulated_bench.read_text()
    # The first position's way over TCP leads through threads of this very interpreter; so every
    # answer can only come while the call that waits for it has released the GIL.
    port = re.search(r'name = "tcp"\nlink = "tcp://127.0.0.1:(\d+)"', text)
    assert port is not None
    forwarder = Forwarder(int(port[1]))
    bench = simulated_bench.with_name("forwarded.toml")
    bench.write_text(text.replace(f"127.0.0.1:{port[1]}", f"127.0.0.1:{forwarder.port}"))
    with meterproof.Campaign(bench, runs=tmp_path, cases=["SEC_DLMS_001/tcp/p01"]) as campaign:
        assert campaign.run_all()["SEC_DLMS_001/tcp/p01"].verdict == "pass"
        before = forwarder.passed
        assert before > 0
    forwarder.close()


def test_a_silent_meter_is_refused_not_an_error_of_the_bench(simulated_bench, tmp_path):
    silent = socket.create_server(("127.0.0.1", 0))
    port = silent.getsockname()[1]
    text = simulated_bench.read_text()
    text = re.sub(r'(name = "tcp"\nlink = "tcp://127.0.0.1:)\d+"', rf'\g<1>{port}"', text, count=1)
    bench = simulated_bench.with_name("silent.toml")
    bench.write_text(text)
    with meterproof.Campaign(bench, runs=tmp_path, cases=["SEC_DLMS_001/tcp/p01"]) as campaign:
        source = campaign.bench.source
        meter = campaign.bench.position("p01").meter
        with source.energise(current=1.0), pytest.raises(meterproof.Refused) as caught:
            meter.probe(timeout=0.2)
    assert caught.value.category
    assert str(caught.value)


INTERRUPTED = """
import os, signal, sys, threading
import meterproof
campaign = meterproof.Campaign(sys.argv[1], runs=sys.argv[2], cases=["SEC_DLMS_001/tcp/p01"])
campaign.begin([])
pulses = campaign.bench.position().pulses
with campaign.bench.source.energise(current=0.0):
    threading.Timer(0.0, os.kill, (os.getpid(), signal.SIGINT)).start()
    # Without a load no edge ever comes: only the signal can end this call.
    pulses.edges(1, timeout=1e6)
"""


def test_ctrl_c_ends_a_blocking_call_and_the_source_is_off(simulated_bench, tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, simulated_bench, tmp_path / "runs"],
        capture_output=True, text=True, timeout=120,
    )
    assert "KeyboardInterrupt" in run.stderr
    (folder,) = (tmp_path / "runs").iterdir()
    events = [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]
    assert [event["ok"] for event in events if event["type"] == "make_safe"] == [True]
    # The bench outlived the program. Ask it through a new campaign, which may lock it again.
    source = re.search(r'\[source\].*?link = "tcp://127\.0\.0\.1:(\d+)"', simulated_bench.read_text(), re.S)
    assert source is not None
    with socket.create_connection(("127.0.0.1", int(source[1])), timeout=10) as connection:
        connection.sendall(b"OUTP?\n")
        assert connection.recv(64).strip() == b"0"
