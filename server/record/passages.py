"""The words of a copy passage by passage, each with its name, to say which of them differ in a page or a print.

The page of a record shows exactly these words in this order (`web/templates/record/record.html`); the PDF shows the
same passages with a few lines of its own between them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from server.record.telling import Told, ToldPart, ToldPoint

FIRST_PAGE = "The first page"
LAST_LINES = "The last lines"
# Comparing words takes the square of their number. What was changed beyond this is named from its first to its last.
MOST_COMPARED = 4_000_000


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the text, and the part and point it belongs to as a reader knows them."""

    where: str
    text: str


def part_name(number: int, title: str) -> str:
    """How a part is named wherever something in it does not fit."""
    return f"Part {number}, “{title}”"


def passages(told: Told) -> list[Passage]:
    """Every word that the record's page shows of the record, in order."""
    return list(_passages(told))


def struck(told: Told) -> str:
    """The words that the page shows as struck out."""
    points = [point for part in told.parts for point in (*part.points, *part.summary)]
    return " ".join(point.text for point in points if point.struck)


def differing(expected: Sequence[Passage], signed: str, found: str) -> list[str]:
    """Name the passages in which `found` is not `signed`, in their order, each once. Only spaces may differ.

    `signed` is the text that the passages stand in, in their order; it may have other words between them, and show
    some of them in another way.
    """
    old, new = signed.split(), found.split()
    starts, names = _places(expected, "".join(old))
    offsets = [0]
    for word in old:
        offsets.append(offsets[-1] + len(word))
    named: dict[str, None] = {}
    for first, last in _changed(old, new):
        # Words that were put in stand behind the word before them.
        for index in range(first, last) if last > first else (max(first - 1, 0),):
            named[names[bisect_right(starts, offsets[index]) - 1]] = None
    return list(named)


def _passages(told: Told) -> Iterator[Passage]:
    for text in (told.copy_line, told.heading, told.children, told.meeting, "Signed", told.signed):
        yield Passage(FIRST_PAGE, text)
    yield Passage(FIRST_PAGE, "Check that a copy is genuine")
    yield Passage(FIRST_PAGE, "Who was there Name Role How When")
    for person in told.people:
        row = f"{person.name} {person.role} {person.how} {person.when}"
        yield Passage(f"{FIRST_PAGE}, who was there: {person.name}", row)
    if told.absent:
        yield Passage(f"{FIRST_PAGE}, who was not there", told.absent)
    for part in told.parts:
        yield from _of_part(part)
    if told.left_out:
        yield Passage("What is not in this copy", f"Not in this copy {told.left_out}")
    yield Passage(LAST_LINES, told.reference)
    yield Passage(LAST_LINES, f"Fingerprint {told.fingerprint}")


def _of_part(part: ToldPart) -> Iterator[Passage]:
    name = part_name(part.number, part.title)
    yield Passage(name, f"Part {part.number}. {part.title}")
    if part.closed:
        yield Passage(name, "This part was for professionals only.")
    if not part.points:
        yield Passage(name, "Nothing was written in this part.")
    for point in part.points:
        yield from _of_point(f"{name}, point {point.number}", point)
    if part.summary:
        yield Passage(f"{name}, the chair’s summary", "The chair’s summary")
    for point in part.summary:
        yield from _of_point(f"{name}, point {point.number} of the chair’s summary", point)
    for text in ("Said about this part", *part.remarks) if part.remarks else ():
        yield Passage(f"{name}, what was said about this part", text)
    for text in (f"Read-through of part {part.number}", *part.read_through) if part.read_through else ():
        yield Passage(f"{name}, the read-through", text)


def _of_point(where: str, point: ToldPoint) -> Iterator[Passage]:
    who = f"{point.who}. " if point.who else ""
    # Together with its number, so that a number is not found by itself in other words.
    yield Passage(where, f"{point.number} {who}{point.by}")
    yield Passage(where, point.text)
    for entry in point.trail:
        yield Passage(where, entry)


def _places(expected: Sequence[Passage], letters: str) -> tuple[list[int], list[str]]:
    """Where in the text without its spaces each passage begins, and the names in the same order."""
    starts, names, at = [0], [FIRST_PAGE], 0
    for passage in expected:
        wanted = "".join(passage.text.split())
        found = letters.find(wanted, at)
        # A print may show letters in another order (from right to left): then it is what follows the one before.
        starts.append(at if found < 0 else found)
        names.append(passage.where)
        at = starts[-1] if found < 0 else found + len(wanted)
    return starts, names


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The runs of `old` that are not in `new` as they stand; an empty run where words were put in."""
    if old == new:
        return
    shorter = min(len(old), len(new))
    head = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    rest = shorter - head
    tail = next((index for index in range(rest) if old[-1 - index] != new[-1 - index]), rest)
    ours, theirs = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(ours) * len(theirs) > MOST_COMPARED:
        yield head, len(old) - tail
        return
    for kind, first, last, _from, _to in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind != "equal":
            yield head + first, head + last
