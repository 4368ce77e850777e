"""Meterproof from Python: run the catalogue, or drive a bench by hand.

    import meterproof

    with meterproof.Campaign(cases=["SEC_DLMS_001/tcp/*"]) as campaign:
        for case, result in campaign.run_all().items():
            print(case, result.verdict, result.reason)

Without a bench file a virtual bench is started. Every call that can block lets other Python threads
run and ends on Ctrl-C; the source is switched off when a campaign finishes, however it ends.
For pytest see meterproof.plugin.
"""

from ._meterproof import (
    BenchError,
    Cancelled,
    Case,
    ConfigError,
    Edge,
    Error,
    InternalError,
    Load,
    Meter,
    MeterIdentity,
    PhaseLoad,
    Pulses,
    ReferenceReading,
    ReferenceStandard,
    Refused,
    RegisterReading,
    Result,
    version as __version__,
)
from .campaign import Campaign
from .devices import Bench, Energised, Position, Source

__all__ = [
    "Bench",
    "BenchError",
    "Campaign",
    "Cancelled",
    "Case",
    "ConfigError",
    "Edge",
    "Energised",
    "Error",
    "InternalError",
    "Load",
    "Meter",
    "MeterIdentity",
    "PhaseLoad",
    "Position",
    "Pulses",
    "ReferenceReading",
    "ReferenceStandard",
    "Refused",
    "RegisterReading",
    "Result",
    "Source",
    "__version__",
]
