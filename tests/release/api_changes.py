"""Changes of the package, each with the lines that the comparison must print."""

from typing import Final, NamedTuple


class Planted(NamedTuple):
    """An edit of one file."""

    file: str
    old: str
    new: str
    lines: tuple[str, ...]


HOOKS = "overlay/trackingmore_v2/hooks.py"
ERRORS = "overlay/trackingmore_v2/_errors.py"
QUOTA = "overlay/trackingmore_v2/quota.py"
LIMITER = "overlay/trackingmore_v2/limiters/memory.py"
PARCEL = "overlay/trackingmore_v2/timelines/parcel.py"
REPORT = "overlay/trackingmore_v2/_batch/results.py"
REPORTS = ("BatchReport", "TrackingReport")

PLANTED: Final = {
    "field of a Struct required": Planted(
        HOOKS,
        "    status: int | None = None\n",
        "    status: int | None\n",
        ("`trackingmore_v2.hooks.ResponseEvent.status` is now required (breaking)",),
    ),
    "required field added": Planted(
        HOOKS,
        "    problem: str\n",
        "    problem: str\n    severity: str\n",
        ("`trackingmore_v2.hooks.DriftEvent.severity` is new and required (breaking)",),
    ),
    "field with a default added": Planted(
        HOOKS,
        "    trackings: int\n",
        "    trackings: int\n    carrier: str | None = None\n",
        ("`trackingmore_v2.hooks.AdoptionEvent.carrier` is new (additive)",),
    ),
    "type of a field changed": Planted(
        HOOKS,
        "    seconds: float\n",
        "    seconds: int\n",
        (
            (
                "type of `trackingmore_v2.hooks.ResponseEvent.seconds` is now `int`,"
                " was `float` (breaking)"
            ),
        ),
    ),
    "base of an error removed": Planted(
        ERRORS,
        "class WebhookError(TrackingMoreError, ValueError):",
        "class WebhookError(TrackingMoreError):",
        ("`trackingmore_v2.WebhookError` lost ValueError in its bases (breaking)",),
    ),
    "base of an error added": Planted(
        ERRORS,
        "class TimedOut(TransportError):",
        "class TimedOut(TransportError, TimeoutError):",
        tuple(
            f"`trackingmore_v2.{error}` got OSError, TimeoutError in its bases (additive)"
            for error in ("TimedOut", "DeadlineExceeded", "PoolFull")
        ),
    ),
    "attribute of an error removed": Planted(
        ERRORS,
        "        self.headers = rejected.headers\n        self.body = rejected.body\n",
        "        self.headers = rejected.headers\n",
        ("`trackingmore_v2.ApiError.body` was removed (breaking)",),
    ),
    "return type changed": Planted(
        "overlay/trackingmore_v2/serialization.py",
        "def to_json(model: Struct) -> str:",
        "def to_json(model: Struct) -> bytes:",
        ("return type of `trackingmore_v2.to_json` is now `bytes`, was `str` (breaking)",),
    ),
    "parameter type changed": Planted(
        "overlay/trackingmore_v2/air_waybill_numbers.py",
        "(text: str) -> str:",
        "(text: bytes) -> str:",
        (
            (
                "type of `trackingmore_v2.air_waybill_numbers.normalize_air_waybill_number(text)`"
                " is now `bytes`, was `str` (breaking)"
            ),
        ),
    ),
    "parameter type widened": Planted(
        QUOTA,
        "(self, *, max_creates: int | None = None, max_detects",
        "(self, *, max_creates: int | str | None = None, max_detects",
        (
            (
                "type of `trackingmore_v2.QuotaGuard.__init__(max_creates)`"
                " is now `int | str | None`, was `int | None` (additive)"
            ),
        ),
    ),
    "return type narrowed": Planted(
        "overlay/trackingmore_v2/_sync/lists.py",
        "    def first(self) -> models.Tracking | None:",
        "    def first(self) -> models.Tracking:",
        (
            (
                "return type of `trackingmore_v2.TrackingList.first`"
                " is now `Tracking`, was `Tracking | None` (additive)"
            ),
        ),
    ),
    "coroutine made plain": Planted(
        LIMITER,
        "    async def block_async(",
        "    def block_async(",
        ("`trackingmore_v2.Limiter.block_async` is no longer a coroutine (breaking)",),
    ),
    "plain method made a coroutine": Planted(
        "overlay/trackingmore_v2/_sync/client.py",
        "    def close(self)",
        "    async def close(self)",
        ("`trackingmore_v2.TrackingMore.close` is now a coroutine (breaking)",),
    ),
    "method removed": Planted(
        LIMITER,
        "    def release(self, slot",
        "    def _release(self, slot",
        ("`trackingmore_v2.Limiter.release` was removed (breaking)",),
    ),
    "function renamed": Planted(
        "overlay/trackingmore_v2/importer/__init__.py",
        '    "check_rows",\n',
        "",
        ("`trackingmore_v2.importer.check_rows` was removed (breaking)",),
    ),
    "parameter renamed": Planted(
        QUOTA,
        "    def spend(self, call: Call[Any])",
        "    def spend(self, cost: Call[Any])",
        (
            "`trackingmore_v2.QuotaGuard.spend(call)` was removed (breaking)",
            "`trackingmore_v2.QuotaGuard.spend(cost)` is new and required (breaking)",
        ),
    ),
    "optional parameter added": Planted(
        QUOTA,
        "    def give_back(self, call: Call[Any])",
        "    def give_back(self, call: Call[Any], *, items: int | None = None)",
        ("`trackingmore_v2.QuotaGuard.give_back(items)` is new (additive)",),
    ),
    "positional order changed": Planted(
        LIMITER,
        "    def block(self, account: str, seconds: float)",
        "    def block(self, seconds: float, account: str)",
        (
            "position of `trackingmore_v2.Limiter.block(account)` is now `1`, was `0` (breaking)",
            "position of `trackingmore_v2.Limiter.block(seconds)` is now `0`, was `1` (breaking)",
        ),
    ),
    "default changed": Planted(
        "overlay/trackingmore_v2/_config.py",
        "DEFAULT_RETRIES: Final = 2",
        "DEFAULT_RETRIES: Final = 3",
        tuple(
            f"default of `trackingmore_v2.{client}.__init__(retries)` is now `3`,"
            " was `2` (breaking)"
            for client in ("AsyncTrackingMore", "TrackingMore")
        ),
    ),
    "value of a member changed": Planted(
        PARCEL,
        '    ORIGIN = "origin"',
        '    ORIGIN = "first"',
        (
            (
                "value of `trackingmore_v2.timelines.LegKind.ORIGIN`"
                " is now `'first'`, was `'origin'` (breaking)"
            ),
        ),
    ),
    "alias of a member added": Planted(
        PARCEL,
        '    DESTINATION = "destination"\n',
        '    DESTINATION = "destination"\n    LAST = "destination"\n',
        ("`trackingmore_v2.timelines.LegKind.LAST` is new (additive)",),
    ),
    "method of a protocol added": Planted(
        "overlay/trackingmore_v2/limiters/protocol.py",
        "    def release(self, slot: Slot) -> None:",
        "    def close(self) -> None: ...\n\n    def release(self, slot: Slot) -> None:",
        ("`trackingmore_v2.limiters.RateLimiter.close` is new (breaking)",),
    ),
    "abstract method added": Planted(
        "overlay/trackingmore_v2/importer/_journal.py",
        "    def open(self, *, create",
        "    def close(self) -> None: ...\n\n    @abstractmethod\n    def open(self, *, create",
        ("`trackingmore_v2.importer.Journal.close` is new and required (breaking)",),
    ),
    "base of the standard library removed": Planted(
        REPORT,
        "class Report(Sequence[OutcomeT_co]):",
        "class Report(Generic[OutcomeT_co]):",
        tuple(
            f"`trackingmore_v2.{report}` lost Collection, Container, Iterable, Reversible,"
            " Sequence, Sized in its bases (breaking)"
            for report in REPORTS
        ),
    ),
    "overload removed": Planted(
        REPORT,
        "    @overload\n    def __getitem__(self, index: slice) -> list[OutcomeT_co]: ...\n",
        "",
        tuple(
            f"`trackingmore_v2.{report}.__getitem__` lost index: slice,"
            " return: list[OutcomeT_co: ItemOutcome[Any, Any]] in its overloads (breaking)"
            for report in REPORTS
        ),
    ),
    "bound of a type variable changed": Planted(
        "overlay/trackingmore_v2/_sync/client.py",
        'EnvelopeT = TypeVar("EnvelopeT", bound=ResponseBody)',
        'EnvelopeT = TypeVar("EnvelopeT")',
        (
            (
                "return type of `trackingmore_v2.TrackingMore.call` is now `EnvelopeT`,"
                " was `EnvelopeT: ResponseBody` (breaking)"
            ),
            (
                "type of `trackingmore_v2.TrackingMore.call(call)` is now `Call[EnvelopeT]`,"
                " was `Call[EnvelopeT: ResponseBody]` (breaking)"
            ),
        ),
    ),
    "key of a mapping removed": Planted(
        "generated/trackingmore_v2_api/operations/__init__.py",
        "for operation in sorted(_ALL,",
        "for operation in sorted(_ALL[1:],",
        tuple(
            f"`{module}.OPERATIONS` lost createTracking in its keys (breaking)"
            for module in ("trackingmore_v2_api", "trackingmore_v2_api.operations")
        ),
    ),
    "key of a TypedDict removed": Planted(
        "overlay/trackingmore_v2/rows.py",
        "    title: str | None\n",
        "",
        ("`trackingmore_v2.rows.TrackingRowDict.title` was removed (breaking)",),
    ),
    "property made a method": Planted(
        "sandbox/trackingmore_v2_pytest/receiver.py",
        "    @property\n    def event(self)",
        "    def event(self)",
        (
            (
                "kind of `trackingmore_v2_pytest.receiver.ReceivedWebhook.event`"
                " is now `method`, was `attribute` (breaking)"
            ),
        ),
    ),
    "scope of a fixture changed": Planted(
        "sandbox/trackingmore_v2_pytest/__init__.py",
        '@pytest.fixture(scope="session")\ndef trackingmore_server',
        "@pytest.fixture\ndef trackingmore_server",
        (
            (
                "scope of `trackingmore_v2_pytest.trackingmore_server`"
                " is now `function`, was `session` (breaking)"
            ),
        ),
    ),
    "function added": Planted(
        "overlay/trackingmore_v2/serialization.py",
        "def _python(value: object) -> object:",
        "def to_text(model: Struct) -> str: ...\n\n\ndef _python(value: object) -> object:",
        ("`trackingmore_v2.serialization.to_text` is new (additive)",),
    ),
    "exit status changed": Planted(
        "overlay/trackingmore_v2_cli/_statuses.py",
        "    QUOTA = 7\n",
        "    QUOTA = 8\n",
        ("value of `trackingmore-v2: exit status QUOTA` is now `8`, was `7` (breaking)",),
    ),
    "arguments in another order": Planted(
        "overlay/trackingmore_v2_cli/commands/carrier.py",
        '@click.argument("tracking", metavar="[CARRIER:]NUMBER")\n'
        '@click.argument("new_carrier", metavar="NEW_CARRIER")\n',
        '@click.argument("new_carrier", metavar="NEW_CARRIER")\n'
        '@click.argument("tracking", metavar="[CARRIER:]NUMBER")\n',
        (
            (
                "position of `trackingmore-v2 carrier change NEW_CARRIER` is now `0`,"
                " was `1` (breaking)"
            ),
            "position of `trackingmore-v2 carrier change TRACKING` is now `1`, was `0` (breaking)",
        ),
    ),
    "variable of an option renamed": Planted(
        "overlay/trackingmore_v2_cli/_webhook/options.py",
        "option_of(_variables.WEBHOOK_PREFIX)",
        'option_of("WEBHOOK")',
        tuple(
            f"variable of `trackingmore-v2 webhook {option}` is now `WEBHOOK_{name}`,"
            f" was `TRACKINGMORE_WEBHOOK_{name}` (breaking)"
            for option, name in (
                ("listen --email", "EMAIL"),
                ("listen --host", "HOST"),
                ("listen --port", "PORT"),
                ("replay --email", "EMAIL"),
                ("sign --email", "EMAIL"),
            )
        ),
    ),
    "limit of an option changed": Planted(
        "overlay/trackingmore_v2_cli/commands/list.py",
        "    type=click.IntRange(1),\n",
        "    type=click.IntRange(2),\n",
        ("min of `trackingmore-v2 list --limit` is now `2`, was `1` (breaking)",),
    ),
    "option removed": Planted(
        "overlay/trackingmore_v2_cli/commands/carriers.py",
        '    "--save",\n',
        '    "--store",\n    "save",\n',
        (
            "`trackingmore-v2 carriers --save` was removed (breaking)",
            "`trackingmore-v2 carriers --store` is new (additive)",
        ),
    ),
}
