"""Binds what is applied to what was reviewed: plan documents, their digests, and the store that keeps both."""
