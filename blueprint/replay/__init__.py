"""Plays a month of made-up traffic through alarm packs, and measures what a person would have heard."""
