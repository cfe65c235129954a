"""From the SQL of the embedded engine to that of others, with what the two mean differently put
into other words.
"""

from __future__ import annotations

import sqlglot
from sqlglot import exp

from udsat.ticks import SHOWN

#: What holds whole numbers of 128 bits elsewhere: Spark has 38 digits, PostgreSQL as many as it
#: takes.
_WIDE = {"spark": exp.DataType.build("DECIMAL(38, 0)"), "postgres": exp.DataType.build("DECIMAL")}
#: A column that every step hands on, and that no row is looked up or left out by.
_HANDED_ON = f"residents{SHOWN}"


def translate(query: str, dialect: str) -> str:
    """Return a query of the embedded engine in another dialect (`spark`, `postgres`)."""
    tree = sqlglot.parse_one(query, read="duckdb")
    _one_name_each(tree)
    _plainer(tree)
    for kind in list(tree.find_all(exp.DataType)):
        if kind.this == exp.DType.INT128:
            kind.replace(_WIDE[dialect].copy())
    (_for_spark if dialect == "spark" else _for_postgres)(tree)
    return tree.sql(dialect=dialect, identify=True)


def _one_name_each(tree: exp.Expr) -> None:
    """Give every named part of a query a name of its own: nested ones are written side by side,
    where they have one name each.
    """
    inside_out = [
        (part, scope)
        for part in reversed(list(tree.find_all(exp.CTE)))
        if (scope := part.find_ancestor(exp.Select))
    ]
    for number, (part, scope) in enumerate(inside_out):
        name = part.alias
        for table in list(scope.find_all(exp.Table)):
            if table.name == name:
                table.replace(
                    exp.alias_(exp.to_table(f"part_{number}"), table.alias or name, table=True)
                )
        part.set("alias", exp.TableAlias(this=exp.to_identifier(f"part_{number}")))


def _plainer(tree: exp.Expr) -> None:
    """Put into plainer words what asks for the type of a quotient: all quotients here are of whole
    numbers.
    """
    for case in list(tree.find_all(exp.Case)):
        if isinstance(asked := case.args["ifs"][0].this.unnest(), exp.In) and isinstance(
            asked.this, exp.Typeof
        ):
            case.replace(case.args["default"])
    for cut in list(tree.find_all(exp.Trunc)):
        if isinstance(cut.this.unnest(), exp.IntDiv):
            cut.replace(exp.paren(cut.this))
    for listed in list(tree.find_all(exp.Contains)):
        listed.replace(exp.In(this=listed.expression, expressions=listed.this.expressions))


def _for_spark(tree: exp.Expr) -> None:
    for part in list(tree.find_all(exp.CTE)):
        part.set("materialized", None)
    for cut in list(tree.find_all(exp.Trunc)):  # `trunc` is of dates there
        cut.replace(_template("CASE WHEN :x < 0 THEN ceil(:x) ELSE floor(:x) END", cut.this))
    _apart(tree)


def _apart(tree: exp.Expr) -> None:
    """Keep the steps of a query apart.

    Spark writes them into one method of Java, and one of more than 8,000 bytes is never compiled.
    It does not where it meets what it has no code for: a sorted list of one, here of a column that
    is missing, so that nothing is sorted.
    """
    for step in list(tree.find_all(exp.Select)):
        formed = [
            pick
            for pick in step.expressions
            if not isinstance(pick.unalias(), (exp.Column, exp.Star))
        ]
        handed = [
            pick
            for pick in step.expressions
            if isinstance(pick.unalias(), exp.Column) and pick.unalias().name == _HANDED_ON
        ]
        for pick in handed[: len(formed) > 1]:
            same = _template(
                "CASE WHEN :x IS NULL THEN element_at(array_sort(array(:x)), 1) ELSE :x END",
                pick.unalias(),
                "spark",
            )
            pick.replace(exp.alias_(same, pick.alias_or_name, quoted=True))


def _for_postgres(tree: exp.Expr) -> None:
    for part in list(
        tree.find_all(exp.CTE)
    ):  # a fence: the planner would write each step out in every place that reads it
        part.this.set("offset", exp.Offset(expression=exp.Literal.number(0)))
    for rounded in list(
        tree.find_all(exp.Round)
    ):  # half a unit goes away from zero, not to the even neighbour
        rounded.replace(
            _template(
                "trunc(:x) + CASE WHEN abs(:x - trunc(:x)) >= 0.5 THEN sign(:x) ELSE 0 END",
                rounded.this,
            )
        )
    for tried in list(tree.find_all(exp.TryCast)):
        if tried.to.this == exp.DType.BIGINT:
            tried.replace(
                _template(
                    "CASE WHEN abs(:x) < 9223372036854775000 THEN CAST(:x AS BIGINT) END",
                    tried.this,
                )
            )
    for asked in list(tree.find_all(exp.IsNan)):
        asked.replace(_template("(:x = CAST('NaN' AS DOUBLE PRECISION))", asked.this))
    for compared in list(
        tree.find_all(exp.LT, exp.GTE)
    ):  # by code points, not by the language of the database
        if isinstance(compared.expression, exp.Literal) and compared.expression.is_string:
            compared.set(
                "this",
                exp.Collate(
                    this=exp.paren(compared.this), expression=exp.to_identifier("C", quoted=True)
                ),
            )


def _template(text: str, value: exp.Expr, dialect: str = "postgres") -> exp.Expr:
    return exp.paren(
        exp.replace_placeholders(sqlglot.parse_one(text, read=dialect), x=exp.paren(value.copy()))
    )
