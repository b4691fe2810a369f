"""What counts as one place that people come from."""

from __future__ import annotations

import pytest

from server.auth import throttle
from server.auth.network import network_of
from server.settings import Settings


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_the_addresses_of_one_line_are_one_place(address: str, network: str) -> None:
    assert network_of(address) == network


def test_whoever_guesses_from_another_address_of_their_line_is_counted_on() -> None:
    settings = Settings()
    first = throttle.for_address(settings, "2001:db8:1:2::1")
    assert throttle.for_address(settings, "2001:db8:1:2:ffff::2") == first
    assert throttle.for_address(settings, "2001:db8:1:3::1") != first
