"""Signatures, annotations and values as they stand in the source, with full public names."""

from dataclasses import dataclass
from typing import Final

from griffe import Attribute, Expr, ExprName, Function, Module, Parameter, ParameterKind

from website.python_reference.public import Library

LONGEST_VALUE: Final = 60
"""Characters of a value that is shown; longer ones are left to the description."""

_IMPLICIT: Final = {"self", "cls"}
_MARKS: Final = {ParameterKind.var_positional: "*", ParameterKind.var_keyword: "**"}
_BEFORE_KEYWORDS: Final = (ParameterKind.keyword_only, ParameterKind.var_positional)


@dataclass(frozen=True)
class Writer:
    """Writes code of the source for the pages of a library."""

    library: Library

    def signature(self, function: Function) -> str:
        """Return the parameters of a function, in parentheses, and what it returns."""
        parts: list[str] = []
        before: ParameterKind | None = ParameterKind.positional_or_keyword
        for each in function.parameters:
            if each.kind is ParameterKind.keyword_only and before not in _BEFORE_KEYWORDS:
                parts.append("*")
            if each.name not in _IMPLICIT:
                parts.append(self._parameter(each))
            before = each.kind
        return f"({', '.join(parts)})"

    def returned(self, function: Function) -> str:
        """Return the annotation of what a function returns, with its arrow."""
        text = self.source(function.returns)
        return f" -> {text}" if text else ""

    def source(self, expression: str | Expr | None) -> str:
        """
        Return an expression with the full name of everything that has a description.

        Sphinx makes links of full names, and shows only their last part.
        """
        if not isinstance(expression, Expr):
            return (expression or "").strip("\"'")
        parts: list[str] = []
        for element in expression.iterate():
            path = self._public_path(element)
            while path and parts and parts[-1] == ".":
                parts = parts[:-2]  # the module in `models.Tracking`
            parts.append(path or str(element))
        return "".join(parts)

    def role(self, expression: str | Expr) -> str:
        """Return a base class as code: a link if it has a description, nothing if it is private."""
        path = expression.canonical_path if isinstance(expression, Expr) else expression
        if public := self.library.public_path(path):
            return f"{{py:obj}}`~{public}`"
        return "" if path.startswith("trackingmore_v2") else f"`{expression}`"

    def value(self, attribute: Attribute) -> str:
        """Return the value of an attribute, if it is short and means something to a reader."""
        text = str(attribute.value) if attribute.value is not None else ""
        return text if len(text) <= LONGEST_VALUE and "field(" not in text else ""

    def _parameter(self, parameter: Parameter) -> str:
        name = f"{_MARKS.get(parameter.kind, '') if parameter.kind else ''}{parameter.name}"
        annotation = self.source(parameter.annotation)
        text = f"{name}: {annotation}" if annotation else name
        if parameter.default is None or parameter.kind in _MARKS:
            return text
        return f"{text} = {self._default(parameter.default)}"

    def _default(self, default: str | Expr) -> str:
        """Return a default; that of a constant without a description by its value."""
        path = default.canonical_path if isinstance(default, Expr) else default
        constant = self.library.find(path)
        if not isinstance(constant, Attribute) or not isinstance(constant.parent, Module):
            return str(default)
        return str(default if self.library.public_path(path) else constant.value)

    def _public_path(self, element: str | Expr) -> str | None:
        if not isinstance(element, ExprName):
            return None
        return self.library.public_path(element.canonical_path)
