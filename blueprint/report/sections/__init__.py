"""The sections of the report, one module each: it defines SECTION, and that registers it."""
