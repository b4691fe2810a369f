"""The figures as a Markdown table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.bench.killing import Kept
from tests.bench.measure import Figures, Flooded, Times


def _times(times: Times | None) -> str:
    return "–" if times is None else f"{_ms(times.p50)} / {_ms(times.p99)}"


def _ms(milliseconds: float) -> str:
    return f"{milliseconds:.1f}" if milliseconds < 10 else f"{milliseconds:.0f}"


def _burst(figures: Figures) -> str:
    if not figures.burst:
        return "–"
    taken = figures.burst
    outcome = "connection lost" if taken["lost"] else f"{taken['refused']} refused"
    in_seconds = f" in {taken['milliseconds'] / 1000:.1f} s" if taken["stored"] else ""
    stored = f"{taken['stored']:,} stored{in_seconds}, " if taken["stored"] else ""
    return stored + outcome


COLUMNS: dict[str, Callable[[Figures], str]] = {
    "server": lambda figures: figures.peer,
    "conferences": lambda figures: f"{figures.conferences}{', cursors' if figures.cursors else ''}",
    "keystroke → reader, p50 / p99 ms": lambda figures: _times(figures.reader),
    "keystroke → other typist": lambda figures: _times(figures.typist),
    "acknowledged": lambda figures: _times(figures.stored),
    "CPU ms per 1,000 delivered": lambda figures: f"{figures.cpu:.1f}",
    "server / load busy": lambda figures: f"{figures.server_busy:.0%} / {figures.load_busy:.0%}",
    "MiB per idle conference": lambda figures: f"{figures.memory:.2f}",
    "newcomer, p50 / p99 ms": lambda figures: _times(figures.newcomer),
    "→ reader during a burst elsewhere": lambda figures: _times(figures.burst_reader),
    "acknowledged during it": lambda figures: _times(figures.burst_stored),
    "the burst itself": _burst,
}


def table(results: Sequence[Figures]) -> str:
    """One row per peer and number of conferences; what went wrong is told below, never left out."""
    rows = [list(COLUMNS), ["---"] * len(COLUMNS)]
    rows += [[column(figures) for column in COLUMNS.values()] for figures in results]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    for figures in results:
        if figures.faults:
            first = "; ".join(figures.faults[:3])
            lines.append(
                f"\n{figures.peer}, {figures.conferences} conferences: {len(figures.faults)} faults: {first}"
            )
    return "\n".join(lines)


def kept_table(results: Sequence[Kept]) -> str:
    """One row per peer that says it stores."""
    lines = ["| server | killed after | acknowledged | lost |", "| --- | --- | --- | --- |"]
    for found in results:
        lost = found.acknowledged - found.kept
        share = lost / found.acknowledged if found.acknowledged else 0
        lines.append(
            f"| {found.peer} | {found.seconds:.0f} s | {found.acknowledged:,} | {lost:,} ({share:.0%}) |"
        )
    return "\n".join(lines)


def flood_table(results: Sequence[Flooded]) -> str:
    """One row per kind of flood: typing beside it, and how many times as long that took as without it."""
    lines = [
        "| flood | acknowledged, quiet | flooded | times as long, p50 / p99 "
        "| keystroke → other typist, quiet | flooded | times as long, p50 / p99 | answers to it |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for found in results:
        answers = ", ".join(f"{count:,} × {status}" for status, count in sorted(found.answers.items())) or "–"
        cells = [
            found.kind,
            *(_times(found.quiet_stored), _times(found.stored), _ratios(found.stored, found.quiet_stored)),
            *(_times(found.quiet_typist), _times(found.typist), _ratios(found.typist, found.quiet_typist)),
            answers,
        ]
        lines.append("| " + " | ".join(cells) + " |")
        if found.faults:
            lines.append(f"\n{found.kind}: {len(found.faults)} faults: {'; '.join(found.faults[:3])}\n")
    return "\n".join(lines)


def _ratios(loud: Times, quiet: Times) -> str:
    return f"{loud.p50 / quiet.p50:.1f} / {loud.p99 / quiet.p99:.1f}"
