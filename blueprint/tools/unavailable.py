"""The one failure that lets the next source of a tool have its turn."""


class SourceUnavailable(Exception):  # noqa: N818 (not an error yet: another source may have it)
    """A source cannot give the tool here; the text says why in a few words."""
