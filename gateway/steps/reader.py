"""What reading a partner's file needs beside the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.domain.calendar import BankCalendar
from gateway.domain.programmes import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What reading needs beside the file: programmes and the bank calendar."""

    programmes: Mapping[str, Programme]
    calendar: BankCalendar
