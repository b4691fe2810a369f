"""The API's OpenAPI description, made from the same table that serves it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from server.errors import NotStored
from server.routes.api_shapes import Problem
from server.routes.api_table import PREFIX, PROBLEM, Operation

_PIECE = re.compile(r"{(\w+)}")


def describe(operations: Iterable[Operation], base_url: str) -> dict[str, Any]:
    """The whole description (OpenAPI 3.1)."""
    table = list(operations)
    shapes: set[type[BaseModel]] = {Problem}
    for operation in table:
        shapes |= {shape for shape in (operation.body, operation.answer) if shape is not None}
    ordered = sorted(shapes, key=lambda shape: shape.__name__)
    refs, definitions = models_json_schema(
        [(shape, "validation") for shape in ordered], ref_template="#/components/schemas/{model}"
    )
    named = {shape: refs[(shape, "validation")] for shape in ordered}
    paths: dict[str, dict[str, Any]] = {}
    for operation in table:
        paths.setdefault(PREFIX + operation.path, {})[operation.method.lower()] = _operation(operation, named)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "True Record",
            "version": version("truerecord"),
            "description": "Conferences, what is said in them, and their signed records. Errors are RFC 9457 "
            "problems; times are ISO 8601 with their offset. An API token is for setting conferences up and leading "
            "them; a participant's live_token is for what that participant sees and does.",
        },
        "servers": [{"url": base_url}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "schemas": definitions["$defs"],
        },
    }


def _operation(operation: Operation, named: dict[type[BaseModel], Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {str(operation.status): _answer(operation, named)}
    for status in (*operation.refusals, NotStored.status):
        answers[str(int(status))] = {
            "description": HTTPStatus(status).phrase,
            "content": {PROBLEM: {"schema": named[Problem]}},
        }
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in _PIECE.findall(operation.path)
        ]
        + list(operation.queries),
        "responses": answers,
    }
    if operation.body is not None:
        described["requestBody"] = {
            # Where no field has to be given, the body may be left out.
            "required": any(field.is_required() for field in operation.body.model_fields.values()),
            "content": {"application/json": {"schema": named[operation.body]}},
        }
    return described


def _answer(operation: Operation, named: dict[type[BaseModel], Any]) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": HTTPStatus(operation.status).phrase}
    if operation.answer is not None:
        answer["content"] = {"application/json": {"schema": named[operation.answer]}}
    for media_type in operation.files:
        answer.setdefault("content", {})[media_type] = {}
    return answer
