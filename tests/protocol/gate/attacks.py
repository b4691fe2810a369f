"""What a hostile page could send, one by one."""

from __future__ import annotations

from tests.protocol.gate.aims import Attack
from tests.protocol.gate.attacks_on_points import on_foreign_points, on_places
from tests.protocol.gate.attacks_on_the_grammar import by_others, on_clients, on_the_grammar
from tests.protocol.gate.attacks_on_the_shape import on_the_shape, on_values
from tests.protocol.gate.lane import NURSE

ATTACKS: list[Attack] = [
    *(
        Attack(name, expected, NURSE, forged)
        for group in (on_foreign_points, on_places, on_the_shape, on_values, on_clients, on_the_grammar)
        for name, expected, forged in group()
    ),
    *by_others(),
]
