"""The environment variables of the command. Options have variables of their own prefixes."""

from typing import Final

KEY: Final = "TRACKINGMORE_API_KEY"
BASE_URL: Final = "TRACKINGMORE_BASE_URL"
PROFILE: Final = "TRACKINGMORE_PROFILE"
KEYRING_TIMEOUT: Final = "TRACKINGMORE_KEYRING_TIMEOUT"
CONFIG_FOLDER: Final = "TRACKINGMORE_CONFIG_DIR"
STATE_FOLDER: Final = "TRACKINGMORE_STATE_DIR"
CACHE_FOLDER: Final = "TRACKINGMORE_CACHE_DIR"
SANDBOX_URL: Final = "TRACKINGMORE_SANDBOX_URL"
SANDBOX_TOKEN: Final = "TRACKINGMORE_SANDBOX_ADMIN_TOKEN"  # noqa: S105 - a name, not a token

SANDBOX_PREFIX: Final = "TRACKINGMORE_SANDBOX"
WEBHOOK_PREFIX: Final = "TRACKINGMORE_WEBHOOK"

HELP: Final = {
    KEY: "The API key.",
    BASE_URL: "The server, such as a running sandbox. Default: the live API.",
    PROFILE: "Name of the profile whose key and server are used.",
    KEYRING_TIMEOUT: "Seconds to wait for the keyring of the system. Default: 3.",
    CONFIG_FOLDER: "Folder of profiles and keys, instead of that of the platform.",
    STATE_FOLDER: "Folder of journals and other state, likewise.",
    CACHE_FOLDER: "Folder of the stored carriers and the rate limit, likewise.",
    SANDBOX_URL: "The running sandbox that is controlled.",
    SANDBOX_TOKEN: "The token of the running sandbox.",
    "NO_COLOR": "Any value turns colours off.",
    "COLUMNS": "Width of tables and help, instead of that of the terminal.",
}
"""What each variable is for, those of other programs included."""
