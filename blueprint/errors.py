"""The errors the command line reports: what went wrong, and what to do about it.

BlueprintError            exit 1  something failed that the user can resolve
└── UsageError            exit 2  the arguments or a file's content are wrong
"""


class BlueprintError(Exception):
    """A failure with its remedy; the command line prints both and exits with `exit_code`."""

    exit_code = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(BlueprintError):
    """The user's input is wrong: an argument, an environment variable or a value in a file."""

    exit_code = 2
