"""The signed record: what it holds, how it is sealed, copied, printed and checked. No web, no event loop."""
