"""The authority profile: what one council's pages say about that council, as data.

Telephone numbers, who to complain to and how long things are kept differ by council and nation, so no page
has them in its own words. A file named `authority.toml` in the data folder replaces the fictional profile
shipped here.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

SHIPPED = Path(__file__).with_name("harrowdale.toml")
OWN = "authority.toml"
_NATIONS = {"ENG": "England", "WLS": "Wales", "SCT": "Scotland", "NIR": "Northern Ireland"}


@dataclass(frozen=True, slots=True)
class AuthorityProfile:
    """What pages may say about the council, and its own times.

    Texts are as people read them. `letter_working_days` and `record_working_days` count from the meeting;
    `agencies_needed` is the quorum, social care included; `bank_holidays` the part of the United Kingdom (ENG, WLS,
    SCT, NIR) whose holidays are not working days.
    """

    name: str
    helper_phone: str
    helper_hours: str
    complaints_officer: str
    complaints_phone: str
    complaints_email: str
    complaints_steps: tuple[str, ...]
    kept_for: str
    data_protection_email: str
    urgent_worry: str
    letter_working_days: int
    record_working_days: int
    agencies_needed: int
    bank_holidays: str

    @property
    def bank_holidays_of(self) -> str:
        """The part of the United Kingdom whose bank holidays count here, as people say it."""
        return _NATIONS[self.bank_holidays]

    @property
    def helper_dial(self) -> str:
        """The helper's number as a telephone dials it."""
        return dial(self.helper_phone)

    @property
    def complaints_dial(self) -> str:
        """The complaints officer's number as a telephone dials it."""
        return dial(self.complaints_phone)


def dial(number: str) -> str:
    """`01632 960 120` as it stands in a `tel:` address."""
    return "".join(letter for letter in number if letter.isdigit() or letter == "+")


def load(data: Path) -> AuthorityProfile:
    """The profile of the council that runs this, or the shipped one.

    Raises ValueError with a sentence naming what is missing or unknown in the council's own file.
    """
    path = data / OWN if (data / OWN).is_file() else SHIPPED
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path} cannot be read as TOML: {error}") from error
    wanted = {field.name for field in fields(AuthorityProfile)}
    if values.keys() != wanted:
        missing, unknown = sorted(wanted - values.keys()), sorted(values.keys() - wanted)
        raise ValueError(f"{path} does not fit. Missing: {missing}. Not known: {unknown}.")
    for field in fields(AuthorityProfile):
        # The annotations are text, because of the import from __future__.
        kind = {"str": str, "int": int, "tuple[str, ...]": list}[str(field.type)]
        if type(values[field.name]) is not kind:
            raise ValueError(f"{path} does not fit. {field.name} is not a {kind.__name__}.")
    if values["bank_holidays"] not in _NATIONS:
        raise ValueError(f"{path} does not fit. bank_holidays is none of {', '.join(_NATIONS)}.")
    steps = tuple(str(step) for step in values.pop("complaints_steps"))
    return AuthorityProfile(**values, complaints_steps=steps)
