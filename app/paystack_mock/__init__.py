"""A simulator of Paystack: its own small ASGI app, its own store, nothing shared with the shop."""
