"""
Profiles: stored API keys, and the servers that they belong to.

    settings.py        the file of profiles, without keys
    key_stores.py      what stores keys: a file or the system's keyring
    key_file.py        the file of keys
    keyring_store.py   the system's keyring
    private_files.py   files that only their owner can read
"""
