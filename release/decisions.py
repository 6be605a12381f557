"""What stops a release: each function returns one line, or None if nothing does."""

from collections.abc import Mapping
from datetime import date

from packaging.version import InvalidVersion, Version

from release.changelog import Entry

_HEADING = "its heading must be: ## [{}] - YYYY-MM-DD"


def tag_of(version: str) -> str:
    """Return the tag of a version."""
    return f"v{version}"


def check_tree(status: str) -> str | None:
    """Return why a working tree is not what would be released, from `git status --porcelain`."""
    changed = status.splitlines()
    if not changed:
        return None
    others = f" and {len(changed) - 1} more" if changed[1:] else ""
    return f"changed or not tracked: {changed[0][3:]}{others}; commit first"


def check_version(version: str) -> str | None:
    """Return why a version is not one that packages, tags and changelog can all state."""
    try:
        normal = str(Version(version))
    except InvalidVersion:
        normal = "1.2.3"
    if version == normal:
        return None
    return f"_version.py states {version}; a version is written like {normal}"


def check_changelog(version: str, entries: list[Entry], today: date) -> str | None:
    """Return why the changelog is not that of a version which is released today."""
    if not entries:
        return "CHANGELOG.md has no entry"
    newest = entries[0]
    if newest.name != version:
        return f"CHANGELOG.md begins with {newest.name}, but _version.py states {version}"
    if newest.day is None:
        return f"CHANGELOG.md: {version} has no valid date; {_HEADING.format(version)}"
    if newest.day > today:
        return f"CHANGELOG.md: {version} is dated {newest.day}, which is in the future"
    return None


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
