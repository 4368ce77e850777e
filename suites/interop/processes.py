"""The peers as separate processes: servers, clients that serve many jobs, clients that serve one."""
import json
import subprocess
import threading


class Process:
    """Says READY and some words when it is up; ended through its standard input, by its own pid if that does not help."""

    def __init__(self, name, arguments, errors):
        self.name = name
        self.errors = open(errors, "wb")
        self.process = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, start_new_session=True)
        line = self.process.stdout.readline().decode().split()
        if not line or line[0] != "READY":
            self.end()
            raise RuntimeError(f"{name} did not start, see {errors}")
        self.ready = line[1:]

    def ports(self):
        """mode=port of a server that offers several."""
        return dict(word.split("=") for word in self.ready)

    def end(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.errors.close()


class JobServer:
    """A client that serves many jobs at a time in one process, because starting it costs more than a job."""

    def __init__(self, name, arguments, errors):
        self.process = Process(name, arguments, errors)
        self.lock = threading.Lock()
        self.waiting = {}
        self.count = 0
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.process.stdout:
            name, _, text = line.decode(errors="replace").rstrip("\n").partition("\t")
            with self.lock:
                waiting = self.waiting.pop(name, None)
            if waiting:
                waiting["text"] = text
                waiting["done"].set()

    def run(self, arguments, deadline):
        """The JSON object that a job prints; {"error": ...} when it does not."""
        with self.lock:
            self.count += 1
            name = str(self.count)
            mine = self.waiting[name] = {"done": threading.Event(), "text": ""}
            self.process.process.stdin.write(("\t".join([name] + arguments) + "\n").encode())
            self.process.process.stdin.flush()
        if not mine["done"].wait(deadline):
            return {"error": f"no result within {deadline} s"}
        try:
            return json.loads(mine["text"])
        except ValueError:
            return {"error": f"no JSON: {mine['text'][:100]}"}

    def end(self):
        self.process.end()


class Program:
    """A client that is started for each job."""

    def __init__(self, arguments):
        self.arguments = arguments

    def run(self, arguments, deadline):
        return run_client(self.arguments + arguments, deadline)

    def end(self):
        pass


def run_client(arguments, deadline):
    """The JSON object a client prints; {"error": ...} when it does not."""
    try:
        done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, timeout=deadline)
    except subprocess.TimeoutExpired:
        return {"error": f"no result within {deadline} s"}
    lines = done.stdout.decode(errors="replace").strip().splitlines()
    try:
        return json.loads(lines[-1])
    except (IndexError, ValueError):
        return {"error": (done.stderr.decode(errors="replace").strip().splitlines() or ["no output"])[-1]}
