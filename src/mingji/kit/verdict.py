"""The answer to "may this person do that?": yes, or no with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from mingji.rules.errors import NotAllowed
from mingji.rules.text import Text


@dataclass(frozen=True, slots=True)
class Verdict:
    """Truthy when allowed. A refusal carries a stable code and a sentence for the person."""

    code: str = ""
    why: Text = Text(zh="", en="")

    def __bool__(self) -> bool:
        return not self.code

    def require(self) -> None:
        """Go on, or stop with the reason.

        Raises:
            NotAllowed: the verdict is a refusal (403).
        """
        if self.code:
            raise NotAllowed(self.why, code=self.code)


ALLOWED = Verdict()
