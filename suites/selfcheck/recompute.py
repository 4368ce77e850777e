#!/usr/bin/env python3
"""Computes the accuracy results of a run folder again, from its raw files alone.

usage: recompute.py RUN_FOLDER

Shares no code with the harness: exact fractions instead of floating point, the textbook formula instead of the centred one.
Compares with the journal: percentage errors to 1e-9 %, uncertainties to the digits of the table, register comparisons to 1e-9 %,
pulse counts and outcomes exactly, SHA-256 of every file read. Exit code 0: all agree; 1: something differs; 2: usage, or
nothing to compare.
"""
import csv
import hashlib
import json
import math
import pathlib
import sys
from fractions import Fraction

ERROR_TOLERANCE = 1e-9


def least_squares_slope(xs, ys):
    n = len(xs)
    sum_x, sum_y = sum(xs), sum(ys)
    sum_xy = sum(x * y for x, y in zip(xs, ys))
    sum_xx = sum(x * x for x in xs)
    return (n * sum_xy - sum_x * sum_y) / (n * sum_xx - sum_x * sum_x)


def read_csv(text):
    return list(csv.DictReader(text.splitlines()))


def percentage_error(edges_text, constants):
    edges = read_csv(edges_text)
    xs = [Fraction(int(edge["index"])) for edge in edges]
    # The double that was measured, not its decimal spelling.
    ys = [Fraction(float(edge["reference_count"])) for edge in edges]
    slope = least_squares_slope(xs, ys)
    k_ref = Fraction(constants["reference_constant_imp_per_kwh"])
    k_meter = Fraction(constants["meter_constant_imp_per_kwh"])
    return float((k_ref / (k_meter * slope) - 1) * 100)


def expanded_uncertainty(budget_text):
    terms, factor = 0.0, None
    for row in read_csv(budget_text):
        if row["term"] == "expanded":
            factor = float(row["distribution"].removeprefix("k="))
        elif row["term"] != "combined":
            terms += (float(row["half_width_percent"]) / float(row["divisor"])) ** 2
    return factor * math.sqrt(terms)


def register_error(comparison):
    register = Fraction(comparison["register_after_wh"]) - Fraction(comparison["register_before_wh"])
    pulses = Fraction(comparison["pulses"]) * 1000 / Fraction(comparison["meter_constant_imp_per_kwh"])
    return float((register / pulses - 1) * 100)


def outcome(measurement):
    value, low, high = (measurement[key] for key in ("value", "lower_limit", "upper_limit"))
    if low is not None and high is not None and "MPE/5" in measurement["rule"]:
        if measurement["expanded_uncertainty"] > (high - low) / 10:
            return "undecided"
    inside = (low is None or value >= low) and (high is None or value <= high)
    return "within" if inside else "outside"


class Checker:
    def __init__(self, folder):
        self.folder = folder
        self.compared = 0
        self.problems = []

    def compare(self, case, what, again, said, tolerance):
        self.compared += 1
        if not abs(again - said) <= tolerance:
            self.problems.append(f"{case}: {what}: the journal says {said!r}, recomputed {again!r}")

    def read(self, event):
        data = (self.folder / event["path"]).read_bytes()
        if hashlib.sha256(data).hexdigest() != event["sha256"]:
            self.problems.append(f"{event['case']}: {event['path']} is not the file that the journal names")
        return data.decode()

    def measurement(self, event, files):
        case, name = event["case"], event["name"]
        if name == "percentage_error" and {"edges.csv", "error.json", "uncertainty.csv"} <= files.keys():
            constants = json.loads(self.read(files["error.json"]))
            again = percentage_error(self.read(files["edges.csv"]), constants)
            self.compare(case, name, again, event["value"], ERROR_TOLERANCE)
            expanded = expanded_uncertainty(self.read(files["uncertainty.csv"]))
            # The table gives k with four digits.
            self.compare(case, "U of " + name, expanded, event["expanded_uncertainty"], 2e-4 * expanded)
        elif name == "register_against_pulses":
            comparison = json.loads(self.read(files["register.json"]))
            self.compare(case, name, register_error(comparison), event["value"], ERROR_TOLERANCE)
        elif name == "no_load_pulses":
            self.compare(case, name, len(read_csv(self.read(files["edges.csv"]))), event["value"], 0)
        else:
            return
        if outcome(event) != event["outcome"]:
            self.problems.append(f"{case}: {name}: the journal says {event['outcome']}, the rule {outcome(event)}")

    def run(self):
        cases = {}
        for line in (self.folder / "journal.jsonl").read_text(encoding="utf-8").splitlines():
            try:
                event = json.loads(line)
            except json.JSONDecodeError:
                break  # a torn last line
            if event["type"] == "case_started":
                cases[event["case"]] = {}
            elif event["type"] == "attachment":
                cases[event["case"]][event["name"]] = event
            elif event["type"] == "measurement":
                self.measurement(event, cases[event["case"]])


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(__doc__.strip())
        return 0 if sys.argv[1:] == ["--help"] else 2
    checker = Checker(pathlib.Path(sys.argv[1]))
    checker.run()
    for problem in checker.problems:
        print(problem)
    print(f"{checker.compared} figures computed again, {len(checker.problems)} differ")
    if checker.problems:
        return 1
    return 0 if checker.compared else 2


if __name__ == "__main__":
    sys.exit(main())
