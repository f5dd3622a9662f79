"""The HTTP API: one function, one router per noun."""
