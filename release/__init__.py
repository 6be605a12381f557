"""
What a release is made with; nothing of it is in the wheel.

    build.py             the wheel and the sdist, built from the files of the repository only
    sources.py           these files, and the time that the archives show
    changelog.py         the entries of CHANGELOG.md
    sbom.py              the wheel's bill of materials, which hatchling has it write
    contents.py          what wheel and sdist must hold
    archives.py          wheel and sdist as names and bytes
    reproducible.py      builds under different circumstances, whose hashes must be equal
    pythons.py           the Pythons of this machine
    install_matrix.py    the wheel with each extra on each Python, oldest and newest dependencies
    smoke.py             what an installation with an extra must be able to do
    walk.py              the steps of a release, in order
    decisions.py         what stops a release
    contract_diff/       the contract, compared with that of the last release
    api_diff/            the Python API and the command line, likewise
    changes.py           changes, and what they mean for users
    versions.py          the versions that fit them
    report.py            what a comparison prints
    history.py           the releases in git
"""
