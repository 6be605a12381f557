"""Filling an operation in: what exactly would be sent."""

import inspect
import pickle
from types import GenericAlias
from typing import Any

import msgspec
import pytest

from tests.generated.examples import IDS
from trackingmore_v2_api import (
    OPERATIONS,
    BatchLimits,
    Bounds,
    Operation,
    Pagination,
    RateLimit,
    models,
)
from trackingmore_v2_api import (
    operations as packages,
)
from trackingmore_v2_api.operations import carriers, shipping, trackings
from website.contract import Operation as Node
from website.contract import (
    answer_schemas,
    contract,
    operations,
    parameters,
    request_schema,
    resolve,
)

NODES = {node.name: node for node in operations(contract())}
SCHEMAS = "#/components/schemas/"
BAD_SEGMENTS = [
    *("", ".", "..", "/", "a/b", "../x", "a\\b", "\n", "a\r\nb", "a\x00", "\x1f", "\x7f", "\x85"),
    "\ud800",
]
every_operation = pytest.mark.parametrize("operation_id", IDS)


def module_of(operation: Operation[Any]) -> Any:
    """Return the module that defines an operation."""
    tags = [
        getattr(packages, tag) for tag in dir(packages) if inspect.ismodule(getattr(packages, tag))
    ]
    modules = [getattr(tag, name) for tag in tags for name in dir(tag)]
    (found,) = (it for it in modules if getattr(it, "OPERATION", None) is operation)
    return found


def names(node: Node, place: str) -> tuple[str, ...]:
    """Return the parameters of an operation in one place, in the order of the contract."""
    return tuple(it["name"] for it in parameters(contract(), node) if it["in"] == place)


def test_there_are_all_operations_and_no_others() -> None:
    """Each operation of the contract is generated; they are listed by id."""
    assert list(OPERATIONS) == sorted(NODES)
    assert all(operation.id == key for key, operation in OPERATIONS.items())


@every_operation
def test_an_operation_says_what_the_contract_says(operation_id: str) -> None:
    """Path, method, tag and parameters are the contract's."""
    operation, node = OPERATIONS[operation_id], NODES[operation_id]

    assert operation.path == node.path
    assert operation.method == node.method.upper()
    assert [operation.tag] == node.value["tags"]
    assert operation.path_parameters == names(node, "path")
    assert operation.query_parameters == names(node, "query")
    assert operation.header_parameters == names(node, "header")


@every_operation
def test_an_operation_has_the_contracts_bounds(operation_id: str) -> None:
    """What the contract limits about a query parameter is known where it is used."""
    operation, node = OPERATIONS[operation_id], NODES[operation_id]
    keys = {"minimum", "maximum", "default", "maxItems"}
    schemas = {
        it["name"]: resolve(contract(), it["schema"])
        for it in parameters(contract(), node)
        if it["in"] == "query"
    }
    expected = tuple(
        Bounds(
            name=name,
            minimum=schema.get("minimum"),
            maximum=schema.get("maximum"),
            default=schema.get("default"),
            max_items=schema.get("maxItems"),
        )
        for name, schema in schemas.items()
        if keys & schema.keys()
    )

    assert operation.bounds == expected
    assert all(operation.bounds_of(bounds.name) is bounds for bounds in operation.bounds)
    assert operation.bounds_of("unbounded") == Bounds(name="unbounded")


@every_operation
def test_an_operation_has_the_contracts_types(operation_id: str) -> None:
    """The response is the first alternative under 200; the request is the body's schema."""
    operation, node = OPERATIONS[operation_id], NODES[operation_id]
    success, _ = answer_schemas(node)
    schema = request_schema(node)
    expected: Any = None
    if schema is not None:
        model: Any = getattr(models, schema.get("items", schema)["$ref"].removeprefix(SCHEMAS))
        expected = GenericAlias(list, (model,)) if "items" in schema else model

    assert operation.response is getattr(models, success["$ref"].removeprefix(SCHEMAS))
    assert operation.request == expected


@every_operation
def test_an_operation_has_the_contracts_extensions(operation_id: str) -> None:
    """Limits, batch sizes, paging, retries and codes of success stand in the contract only."""
    operation, node = OPERATIONS[operation_id], NODES[operation_id].value
    limit, batch, paging = (node.get(key) for key in ("x-rate-limit", "x-batch", "x-pagination"))

    assert operation.retry == node["x-retry"]
    assert operation.success_codes == frozenset(node["x-success-codes"])
    assert operation.rate_limit == (
        limit and RateLimit(requests=limit["requests"], seconds=limit["seconds"])
    )
    assert operation.batch == (
        batch
        and BatchLimits(max_items=batch["max-items"], over_limit_code=batch["over-limit-code"])
    )
    assert operation.pagination == (
        paging
        and Pagination(
            page=paging["page"],
            size=paging["size"],
            max_size=paging["max-size"],
            items=paging["items"],
            total=paging["total"],
        )
    )


@every_operation
def test_call_takes_the_contracts_parameters(operation_id: str) -> None:
    """`call()` takes path and body by position, the rest by name, and requires what is required."""
    operation, node = OPERATIONS[operation_id], NODES[operation_id]
    signature = inspect.signature(module_of(operation).call)
    body = ["body"] if request_schema(node) is not None else []
    named = [*names(node, "query"), *names(node, "header")]
    required = {it["name"] for it in parameters(contract(), node) if it.get("required")}
    takes = {name: parameter.kind for name, parameter in signature.parameters.items()}

    assert list(takes) == [*names(node, "path"), *body, *(name.lower() for name in named)]
    assert [name for name, kind in takes.items() if kind is inspect.Parameter.KEYWORD_ONLY] == [
        name.lower() for name in named
    ]
    assert {
        name
        for name, parameter in signature.parameters.items()
        if parameter.default is inspect.Parameter.empty
    } == {*required, *body}


@every_operation
def test_call_sends_each_argument_where_it_belongs(operation_id: str) -> None:
    """Each argument of `call()` arrives under its wire name: in path, query, header or body."""
    operation = OPERATIONS[operation_id]
    module = module_of(operation)
    takes = list(inspect.signature(module.call).parameters)
    path = operation.path
    for name in operation.path_parameters:
        path = path.replace(f"{{{name}}}", f"-{name}-")
    made = module.call(**{name: f"-{name}-" for name in takes})

    assert made.operation is operation
    assert made.path == path
    assert made.query == tuple((name, f"-{name}-") for name in operation.query_parameters)
    assert made.headers == tuple(
        (name, f"-{name.lower()}-") for name in operation.header_parameters
    )
    assert made.body == (b'"-body-"' if operation.request else None)


@pytest.mark.parametrize(
    ("value", "segment"),
    [
        ("LK664578623CN", "LK664578623CN"),
        ("a b", "a%20b"),
        ("100%", "100%25"),
        ("?x=1#y", "%3Fx%3D1%23y"),
        ("{lang}", "%7Blang%7D"),
        ("{tracking_number}", "%7Btracking_number%7D"),
        ("\xe9", "%C3%A9"),
        ("...", "..."),
        ("%2e%2e", "%252e%252e"),
        ("a;b,c:d@e&f=g+h", "a%3Bb%2Cc%3Ad%40e%26f%3Dg%2Bh"),
    ],
    ids=repr,
)
def test_a_path_parameter_is_one_segment(value: str, segment: str) -> None:
    """Whatever is in it, a path parameter stays one segment of the path."""
    made = trackings.get_localized_tracking.call(value, "N-1", "en")

    assert made.path == f"/trackings/{segment}/N-1/en"


@pytest.mark.parametrize("value", BAD_SEGMENTS, ids=repr)
@pytest.mark.parametrize("position", [0, 1, 2], ids=["carrier_code", "tracking_number", "lang"])
def test_a_dangerous_path_parameter_is_rejected(position: int, value: str) -> None:
    """A segment that a server may read as another path is rejected, and named."""
    arguments = ["ups", "N-1", "en"]
    arguments[position] = value
    name = ("carrier_code", "tracking_number", "lang")[position]

    with pytest.raises(ValueError, match=rf"^path parameter {name} "):
        trackings.get_localized_tracking.call(*arguments)


def test_a_missing_path_parameter_is_rejected() -> None:
    """A template is never sent as a path."""
    with pytest.raises(ValueError, match=r"^path parameter carrier_code is missing$"):
        OPERATIONS["getTracking"].call(path={"tracking_number": "N-1"})


def test_query_parameters_are_text() -> None:
    """None is left out, a sequence is joined by commas, an enum is its value."""
    made = trackings.list_trackings.call(
        page=2,
        limit=None,
        status=models.TrackingStatus.PENDING,
        numbers=["AB123", "CD456"],
        orders=[],
        archived="",
    )

    assert made.query == (
        ("page", "2"),
        ("status", "pending"),
        ("numbers", "AB123,CD456"),
        ("orders", ""),
        ("archived", ""),
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (1.5, "1.5"),
        ("a,b&c", "a,b&c"),
        ((True, 2, "c"), "true,2,c"),
        (models.StatusNumber.DELIVERED, "4"),
        (models.StatusNumber(99), "99"),
        (models.TrackingStatus("new"), "new"),
    ],
    ids=repr,
)
def test_a_query_parameter_is_written_as_the_api_reads_it(value: Any, text: str) -> None:
    """Truth values are words; enums are their values; nothing is percent-encoded yet."""
    assert OPERATIONS["listTrackings"].call(query={"page": value}).query == (("page", text),)


def test_a_header_parameter_is_a_header() -> None:
    """`Lang` goes into a header under its own name."""
    made = carriers.list_carriers.call(lang=models.CarrierLanguage.CN)

    assert made.headers == (("Lang", "cn"),)
    assert carriers.list_carriers.call().headers == ()


@pytest.mark.parametrize("value", ["a\r\nX: y", "\n", "\x00", "\x7f", "\x85"], ids=repr)
def test_a_header_cannot_smuggle_another(value: str) -> None:
    """A control character in a header is rejected."""
    with pytest.raises(ValueError, match=r"^header Lang contains a control character$"):
        OPERATIONS["listCarriers"].call(headers={"Lang": value})


def test_a_body_has_wire_names() -> None:
    """The body is JSON under the names of the wire, without what was not given."""
    made = trackings.create_tracking_batch.call(
        [
            models.CreateTrackingItem(
                tracking_number="AB123",
                carrier_code="ups",
                special_number_destination="NL",
                title=None,
            )
        ]
    )

    assert made.body == (
        b'[{"tracking_number":"AB123","carrier_code":"ups","specialNumberDestination":"NL"}]'
    )
    assert shipping.check_remote_areas.call([]).body == b"[]"
    assert (
        trackings.update_tracking.call("ups", "N-1", models.UpdateTrackingRequest()).body == b"{}"
    )


def test_an_enum_in_a_body_is_its_value() -> None:
    """Closed and open enums are written as what they stand for."""
    made = trackings.update_tracking.call(
        "ups",
        "N-1",
        models.UpdateTrackingRequest(
            status=models.SettableStatus.DELIVERED, archived=models.ArchivedText.TRUE
        ),
    )

    assert msgspec.json.decode(made.body or b"") == {"archived": "true", "status": 4}


def test_a_call_is_a_value() -> None:
    """A call can be compared, hashed, and sent to another process."""
    made = trackings.get_tracking.call("ups", "N-1")

    assert made == trackings.get_tracking.call("ups", "N-1")
    assert hash(made) == hash(trackings.get_tracking.call("ups", "N-1"))
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301 - our own
