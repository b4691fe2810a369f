"""Where somebody comes from, as far as counting goes."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

_IPV6_BITS = 64


def network_of(address: str) -> str:
    """What is counted as one place: an IPv4 address, or the 64 bits of an IPv6 address that a line is given. Its holder
    makes up the rest, and would be somebody else at every attempt.

    What is no address (a proxy can be told to say "unknown") is taken as it is.
    """
    try:
        # A zone (fe80::1%eth0) says which of our own cards it came in by.
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> _IPV6_BITS << _IPV6_BITS)}/{_IPV6_BITS}"
