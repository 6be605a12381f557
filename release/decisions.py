"""What stops a release: each function returns one line, or None if nothing does."""

from collections.abc import Mapping

from release.changelog import Entry

_UNDATED = "CHANGELOG.md: the entry of {0} has no date; its heading must be: ## [{0}] - YYYY-MM-DD"


def tag_of(version: str) -> str:
    """Return the tag of a version."""
    return f"v{version}"


def check_tree(status: str) -> str | None:
    """Return why a working tree is not what would be released, from `git status --porcelain`."""
    changed = status.splitlines()
    if not changed:
        return None
    return f"{len(changed)} files are changed or not tracked, first {changed[0][3:]}: commit them"


def check_changelog(version: str, entries: list[Entry]) -> str | None:
    """Return why the changelog is not that of a version."""
    if not entries:
        return "CHANGELOG.md has no entry"
    newest = entries[0]
    if newest.name != version:
        return f"CHANGELOG.md begins with {newest.name}, but _version.py states {version}"
    return None if newest.day else _UNDATED.format(version)


def check_tag(version: str, head: str, tags: Mapping[str, str]) -> str | None:
    """
    Return why a version cannot be tagged.

    Args:
        version: The version.
        head: The commit to be released.
        tags: The commit of each tag.
    """
    tag = tag_of(version)
    if tags.get(tag, head) == head:
        return None
    return f"the tag {tag} is on another commit, {tags[tag][:12]}: raise the version in _version.py"
