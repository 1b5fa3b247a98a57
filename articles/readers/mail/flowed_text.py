"""Plain text whose lines a mail program broke by itself (format=flowed, RFC 3676)."""

from __future__ import annotations

_SIGNATURE = "-- "


def unflow(text: str, *, delete_space: bool) -> str:
    """Return a text with its paragraphs on one line each; `delete_space`: the space before a break is none.

    A line that ends with a space goes on in the next one, unless that is quoted at another depth.
    """
    lines: list[str] = []
    parts: list[str] = []
    depth = 0
    for line in text.splitlines():
        content = line.lstrip(">")
        quoted = len(line) - len(content)
        content = content.removeprefix(" ")
        if parts and (quoted != depth or content == _SIGNATURE):
            lines.append(_line(parts, depth))
            parts = []
        depth = quoted
        is_soft = content.endswith(" ") and content != _SIGNATURE
        parts.append(content[:-1] if is_soft and delete_space else content)
        if not is_soft:
            lines.append(_line(parts, depth))
            parts = []
    if parts:
        lines.append(_line(parts, depth))
    return "\n".join(lines)


def _line(parts: list[str], depth: int) -> str:
    return f"{'>' * depth}{' ' * bool(depth)}{''.join(parts)}"
