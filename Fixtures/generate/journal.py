"""What was done in a scenario, in order, as its README tells it."""

import shlex


class Journal:
    """Commands as they were run, without the paths of this machine."""

    def __init__(self, placeholders: dict[str, str]):
        self.placeholders = placeholders
        self.lines: list[str] = []

    def clean(self, text: str) -> str:
        """Puts placeholders where the machine's own paths and addresses stand."""
        for found, placeholder in self.placeholders.items():
            text = text.replace(found, placeholder)
        return text

    def command(self, words: list, background: bool = False) -> None:
        line = self.clean(shlex.join(str(word) for word in words))
        # Placeholders are variables to the reader, and shlex would quote them.
        line = line.replace("'$ENDPOINT'", "$ENDPOINT")
        self.lines.append(f"{line} &" if background else line)

    def sql(self, cluster: str, statement: str) -> None:
        self.lines.append(f"{cluster}=# {statement};")

    def note(self, text: str) -> None:
        self.lines.append(f"# {text}")
