"""Live connections: sockets in front of the rooms of `shared_doc`, and the disk behind them."""
