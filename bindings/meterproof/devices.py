"""The devices of a bench, for tests written by hand."""

from __future__ import annotations

import math
from types import TracebackType
from typing import Any

from . import _meterproof


class Energised:
    """A load that holds inside a `with` block. Nothing is energised before the block; after it the
    load of before applies again."""

    def __init__(self, native: _meterproof.Campaign, load: _meterproof.Load) -> None:
        self._native = native
        self._hold: int | None = None
        self.load = load

    def __enter__(self) -> Energised:
        if self._hold is not None:
            raise _meterproof.InternalError("this load is held already")
        self._hold = self._native.energise(self.load)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        hold, self._hold = self._hold, None
        if hold is not None:
            self._native.release(hold)

    def __repr__(self) -> str:
        return f"<Energised {self.load}{'' if self._hold is not None else ' (not held)'}>"


class Source:
    """The one source that feeds all positions, inside its safety envelope."""

    def __init__(self, native: _meterproof.Campaign, type_facts: dict[str, Any]) -> None:
        self._native = native
        self._type = type_facts

    def load(
        self,
        voltage: float | None = None,
        current: float = 0.0,
        power_factor: float = 1.0,
        *,
        capacitive: bool = False,
        phases: int | None = None,
        frequency: float | None = None,
    ) -> _meterproof.Load:
        """A balanced load: V and A of each phase. voltage, phases and frequency default to the
        meter type's ratings; a power factor below 1 is inductive unless said otherwise."""
        if not 0 <= power_factor <= 1:
            raise ValueError("power_factor: from 0 to 1; say capacitive=True for a leading current")
        phi = math.acos(power_factor) * (-1 if capacitive else 1)
        volts = self._type["nominal_voltage"] if voltage is None else voltage
        count = self._type["phases"] if phases is None else phases
        hertz = self._type["frequency"] if frequency is None else frequency
        return _meterproof.Load([_meterproof.PhaseLoad(volts, current, phi)] * count, hertz)

    def energise(self, load: _meterproof.Load | None = None, **balanced: Any) -> Energised:
        """To be used with `with`. A Load, or the arguments of load()."""
        if load is not None and balanced:
            raise TypeError("either a Load or the arguments of a balanced one")
        return Energised(self._native, self.load(**balanced) if load is None else load)


class Position:
    """One place of the bench with a meter under test."""

    def __init__(self, native: _meterproof.Campaign, name: str) -> None:
        self.name = name
        self.capabilities: set[str] = native.capabilities(name)
        self.meter = _meterproof.meter(native, name)
        self.pulses = _meterproof.pulses(native, name)

    def __repr__(self) -> str:
        return f"<Position {self.name}>"


class Bench:
    def __init__(self, native: _meterproof.Campaign) -> None:
        self._native = native

    @property
    def positions(self) -> list[Position]:
        return [Position(self._native, name) for name in self._native.positions]

    def position(self, name: str | None = None) -> Position:
        """By name; without one, the first."""
        return Position(self._native, self._native.positions[0] if name is None else name)

    @property
    def source(self) -> Source:
        return Source(self._native, self.position().meter.type)

    @property
    def reference(self) -> _meterproof.ReferenceStandard:
        return _meterproof.reference(self._native, self._native.positions[0])
