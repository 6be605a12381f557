"""Errors of the client in the words of the command line."""

from tests.cli.running import Run


def test_unknown_carrier(run: Run) -> None:
    """The advice names commands instead of methods, and a similar carrier."""
    run("carriers")  # which keeps their codes
    finished = run("track", "usp:1Z97X17XYW06605211", "--yes", "--quiet")

    assert finished.status == 1
    assert finished.messages.startswith(
        "trackingmore-v2: 1Z97X17XYW06605211: Bad Request (code 4015): The value of "
        "`carrier_code` is invalid. For the codes, run: trackingmore-v2 carriers. Did you mean "
        "'usps'?"
    )
    assert "carriers.list" not in finished.messages


def test_key_that_is_not_accepted(run: Run, environment: dict[str, str]) -> None:
    """It says how to store another one."""
    environment["TRACKINGMORE_API_KEY"] = "wrong"

    finished = run("list")

    assert finished.status == 5
    assert finished.messages.startswith(
        "trackingmore-v2: Unauthorized (code 4001): Invalid API key. To store another one, run: "
        "trackingmore-v2 login."
    )


def test_malformed_number(run: Run) -> None:
    """The message has the number, and no position, which a program would count from 0."""
    finished = run("track", "ups:SANDBOX-TRANSIT", "1234", "--yes")

    assert finished.status == 2
    assert finished.messages == (
        "trackingmore-v2: tracking_number must be at least five letters, digits, hyphens or "
        "underscores, not '1234'; it was not sent\n"
    )


def test_tracking_that_an_error_is_about(run: Run) -> None:
    """It is named as it can be passed."""
    finished = run("carrier", "change", "ups:SANDBOX-TRANSIT", "dhl")

    assert finished.messages.startswith("trackingmore-v2: ups:SANDBOX-TRANSIT: ")


def test_no_server(run: Run, environment: dict[str, str]) -> None:
    """It names the server, and where that is set."""
    environment["TRACKINGMORE_BASE_URL"] = "http://127.0.0.1:1/v2"

    finished = run("track", "ups:SANDBOX-TRANSIT", "--no-create")

    assert finished.status == 3
    assert finished.messages.startswith(
        "trackingmore-v2: cannot connect to http://127.0.0.1:1/v2: "
    )
    assert finished.messages.endswith(
        ". Check the connection, or the server in --base-url or TRACKINGMORE_BASE_URL.\n"
    )
    assert "Errno" not in finished.messages
