"""Who is asking: passwords, sessions, links and codes, tokens. No web framework here; `server.routes.guard`
joins them.
"""
