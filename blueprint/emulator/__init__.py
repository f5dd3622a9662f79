"""The embedded AWS: one MiniStack server per clone, started, watched and ended by this package."""
