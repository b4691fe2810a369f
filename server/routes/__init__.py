"""The addresses of the app: parse, call an action, render."""
