"""The OpenAPI description says what is served, no more and no less."""

from __future__ import annotations

from typing import Any

import pytest

from server.routes import api
from server.routes.api_description import describe
from server.routes.api_table import PREFIX

DESCRIBED = describe(api.OPERATIONS, "http://127.0.0.1:8000")
METHODS = {"GET", "POST", "DELETE", "PUT", "PATCH"}


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in DESCRIBED["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_route_is_described_and_every_description_is_served() -> None:
    served = {
        (route.path, method) for route in api.routes for method in (route.methods or set()) & METHODS
    } - {(f"{PREFIX}/openapi.json", "GET")}
    assert served == {(path, method.upper()) for path, method, _ in operations()}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "/conferences"),
        ("get", "/conferences/{id}"),
        ("post", "/conferences/{id}/phase"),
        ("post", "/conferences/{id}/pen"),
        ("delete", "/conferences/{id}/participants/{participant}"),
        ("post", "/conferences/{id}/points"),
        ("post", "/conferences/{id}/flags"),
        ("post", "/conferences/{id}/flags/{flag}/answer"),
        ("post", "/conferences/{id}/requests"),
        ("post", "/conferences/{id}/sign"),
        ("get", "/conferences/{id}/record"),
    ],
)
def test_what_other_software_relies_on_is_there(method: str, path: str) -> None:
    assert method in DESCRIBED["paths"][PREFIX + path]


def test_every_reference_leads_to_a_schema() -> None:
    def references(value: object) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*(references(inner) for inner in value.values()))
        if isinstance(value, list):
            return set().union(*(references(inner) for inner in value))
        return set()

    known = {f"#/components/schemas/{name}" for name in DESCRIBED["components"]["schemas"]}
    assert references(DESCRIBED) <= known


def test_every_operation_has_a_name_of_its_own_its_parameters_and_problems() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(names)) == len(names)
    for path, _, operation in operations():
        in_path = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
        assert all(f"{{{name}}}" in path for name in in_path)
        assert path.count("{") == len(in_path)
        assert "401" in operation["responses"]


def test_the_description_is_of_openapi_3_1_and_names_the_bearer() -> None:
    assert DESCRIBED["openapi"] == "3.1.0"
    assert DESCRIBED["security"] == [{"bearer": []}]
    assert DESCRIBED["components"]["securitySchemes"]["bearer"] == {"type": "http", "scheme": "bearer"}
