"""Text that stands for what a document does not say yet, and why it does not."""


class Placeholder(str):
    """A string that is known only once the document is deployed; `why` is the rest of `field: …`.

    It is a string, so that a name or a dimension's value may hold it; whoever decides by a value has to ask first.
    """

    __slots__ = ("why",)

    why: str

    def __new__(cls, text: str, why: str) -> "Placeholder":
        made = super().__new__(cls, text)
        made.why = why
        return made


def after_apply() -> Placeholder:
    """What Terraform shows as such in a plan."""
    return Placeholder("(known after apply)", "is known only after apply")
