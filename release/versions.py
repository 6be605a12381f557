"""Which version a release may have, given what has changed since the last one."""

from packaging.version import Version

from release.changes import Impact


def lowest_version(previous: str, impact: Impact | None) -> str:
    """
    Return the lowest version that fits changes since a release.

    Before 1.0.0, a breaking change requires a minor step, and any other change a patch step.
    From 1.0.0 on, a breaking change requires a major step, and an additive one a minor step.
    """
    major, minor, patch = Version(previous).release
    if impact is None:
        return previous
    steps = {Impact.WORDING: 2, Impact.ADDITIVE: 1, Impact.BREAKING: 0}
    if major == 0:
        steps = {Impact.WORDING: 2, Impact.ADDITIVE: 2, Impact.BREAKING: 1}
    raised = {0: (major + 1, 0, 0), 1: (major, minor + 1, 0), 2: (major, minor, patch + 1)}
    return ".".join(map(str, raised[steps[impact]]))


def fits(version: str, previous: str, impact: Impact | None) -> bool:
    """Return whether a version fits; a pre-release fits where its final release does."""
    final = Version(Version(version).base_version)
    return final >= Version(lowest_version(previous, impact))


def judge(version: str, previous: str, impact: Impact | None) -> str:
    """Return the sentence on a version that the user reads."""
    if fits(version, previous, impact):
        return f"version {version} fits"
    lowest = lowest_version(previous, impact)
    return f"version {version} is too low for these changes; the lowest allowed is {lowest}"
