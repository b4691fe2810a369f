"""Turns a template and a page's context into HTML.

Every page has a frozen dataclass whose fields are exactly what its template may name: a template that asks
for anything else fails loudly (`StrictUndefined`), and a context holds only what this reader may see,
because what is not in the context cannot reach the page.

Times arrive in UTC and are shown as the clock on the wall in Britain says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from jinja2 import (
    ChainableUndefined,
    Environment,
    FileSystemLoader,
    PackageLoader,
    PrefixLoader,
    StrictUndefined,
)
from markupsafe import Markup
from starlette.responses import HTMLResponse

from server.authority import AuthorityProfile

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

WEB = Path(__file__).resolve().parent.parent / "web"
BRITAIN = ZoneInfo("Europe/London")

_GOVUK_COMPONENTS = {
    "back_link": ("back-link", "govukBackLink"),
    "button": ("button", "govukButton"),
    "checkboxes": ("checkboxes", "govukCheckboxes"),
    "date_input": ("date-input", "govukDateInput"),
    "details": ("details", "govukDetails"),
    "error_summary": ("error-summary", "govukErrorSummary"),
    "fieldset": ("fieldset", "govukFieldset"),
    "input": ("input", "govukInput"),
    "radios": ("radios", "govukRadios"),
    "select": ("select", "govukSelect"),
    "summary_list": ("summary-list", "govukSummaryList"),
    "textarea": ("textarea", "govukTextarea"),
}


class Assets:
    """Addresses of static files. Each holds a hash of the content, so that a copy is good forever."""

    def __init__(self, folder: Path, prefix: str = "/static") -> None:
        self._folder = folder
        self._prefix = prefix
        self._known: dict[str, tuple[int, str]] = {}

    def address(self, name: str) -> str:
        """The address of `name`, a built script or a file of ours.

        A script that was never built still gets an address: every page works without its scripts, so a
        missing one costs the live part of the page and not the page.
        """
        for path, below in ((self._folder / "build" / name, "build/"), (self._folder / name, "")):
            if path.is_file():
                return f"{self._prefix}/{below}{name}?v={self._hash(path)}"
        return f"{self._prefix}/build/{name}"

    def _hash(self, path: Path) -> str:
        changed = path.stat().st_mtime_ns
        known = self._known.get(str(path))
        if known is None or known[0] != changed:
            known = (changed, hashlib.sha256(path.read_bytes()).hexdigest()[:12])
            self._known[str(path)] = known
        return known[1]


class Templates:
    """Renders pages and fragments. One object for the whole application (`app.state.templates`)."""

    def __init__(self, authority: AuthorityProfile, web: Path = WEB) -> None:
        """Every template may name `authority`: the council's own words and telephone numbers."""
        self.authority = authority
        self.assets = Assets(web / "static")
        self._environment = Environment(
            loader=FileSystemLoader(web / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.do"],
        )
        self._environment.filters.update({filter_.__name__: filter_ for filter_ in FILTERS})
        self._environment.globals.update(
            asset=self.assets.address, govuk=GovukComponents(), authority=authority
        )

    def text(self, name: str, context: DataclassInstance) -> str:
        """Render `name` with exactly the fields of `context`."""
        values = {field.name: getattr(context, field.name) for field in fields(context)}
        return self._environment.get_template(name).render(values)

    def page(
        self,
        name: str,
        context: DataclassInstance,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """A whole page or a fragment as a response."""
        return HTMLResponse(self.text(name, context), status, headers)


class GovukComponents:
    """The GOV.UK components, each called with its own parameters: `{{ govuk.input({...}) }}`.

    They live in an environment of their own, because they ask for parameters that were not given, which ours
    forbids.
    """

    def __init__(self) -> None:
        environment = Environment(
            loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
            autoescape=True,
            undefined=ChainableUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._macros: dict[str, Callable[[Mapping[str, Any]], Markup]] = {
            name: getattr(
                environment.get_template(f"govuk_frontend_jinja/components/{folder}/macro.html").module, macro
            )
            for name, (folder, macro) in _GOVUK_COMPONENTS.items()
        }

    def __getattr__(self, name: str) -> Callable[[Mapping[str, Any]], Markup]:
        try:
            return self._macros[name]
        except KeyError:
            raise AttributeError(f"there is no GOV.UK component called {name!r} here") from None


def _in_britain(at: datetime) -> datetime:
    # The database gives times without an offset; they are UTC.
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(BRITAIN)


def clock(at: datetime) -> str:
    """10:41, by the clock in Britain."""
    there = _in_britain(at)
    return f"{there.hour}:{there.minute:02}"


def hour(at: datetime) -> str:
    """10am, 9:30am, 2pm: the time a meeting is planned for."""
    there = _in_britain(at)
    minutes = f":{there.minute:02}" if there.minute else ""
    return f"{there.hour % 12 or 12}{minutes}{'am' if there.hour < 12 else 'pm'}"


def _as_date(when: date | datetime) -> date:
    return _in_britain(when).date() if isinstance(when, datetime) else when


def day(when: date | datetime) -> str:
    """Tuesday 1 December."""
    on = _as_date(when)
    return f"{on:%A} {on.day} {on:%B}"


def full_day(when: date | datetime) -> str:
    """1 December 2026."""
    on = _as_date(when)
    return f"{on.day} {on:%B} {on.year}"


def short_day(when: date | datetime) -> str:
    """Tue 1 Dec."""
    on = _as_date(when)
    return f"{on:%a} {on.day} {on:%b}"


def iso(when: date | datetime) -> str:
    """For the `datetime` attribute of a `<time>`: what a program reads."""
    if isinstance(when, datetime):
        return _in_britain(when).isoformat(timespec="seconds")
    return when.isoformat()


def age(born: date, on: date | datetime) -> int:
    """Whole years of age on that day."""
    today = _as_date(on)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def count(number: int, one: str, many: str | None = None) -> str:
    """`two children`, `1 minute`-like phrases: small numbers in words, the right form of the noun."""
    words = _WORDS[number] if 0 <= number < len(_WORDS) else str(number)
    return f"{words} {one if number == 1 else many or one + 's'}"


FILTERS: tuple[Callable[..., object], ...] = (clock, hour, day, full_day, short_day, iso, age, count)
