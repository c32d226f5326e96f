"""Parts of a page that a command writes, between two comments; the rest is a person's."""

import re


class NoSuchBlock(ValueError):  # noqa: N818 - a name says what is wrong
    """The page has no block of that name. The text says how to mark one."""


def block(page: str, name: str) -> str:
    """What stands between the marks. Raises NoSuchBlock."""
    return _found(page, name)[2]


def with_block(page: str, name: str, body: str) -> str:
    """The page with this between the marks instead. Raises NoSuchBlock."""
    match = _found(page, name)
    return f"{page[: match.start(2)]}{body.strip()}{page[match.end(2) :]}"


def _found(page: str, name: str) -> re.Match[str]:
    marked = rf"(<!-- {re.escape(name)}: written by [^>]*-->\n)(.*?)(\n<!-- /{re.escape(name)} -->)"
    match = re.search(marked, page, re.DOTALL)
    if not match:
        raise NoSuchBlock(
            f"no block `{name}`: mark it `<!-- {name}: written by … -->` … `<!-- /{name} -->`"
        )
    return match
