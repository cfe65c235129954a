"""The formats of each kind of result; the first is what is printed where no other is asked for."""

from __future__ import annotations

from enum import StrEnum

AnswerFormat = StrEnum("AnswerFormat", ["table", "csv", "json", "markdown"])
CountsFormat = StrEnum("CountsFormat", ["csv", "parquet"])
ExplanationFormat = StrEnum("ExplanationFormat", ["table", "json", "markdown"])
FindingsFormat = StrEnum("FindingsFormat", ["table", "csv", "json", "markdown", "github", "junit"])
LawFormat = StrEnum("LawFormat", ["table", "json"])
PageFormat = StrEnum("PageFormat", ["html"])
PictureFormat = StrEnum("PictureFormat", ["svg", "png", "pdf"])
SchemaFormat = StrEnum("SchemaFormat", ["json"])
ScoreFormat = StrEnum(
    "ScoreFormat", ["table", "csv", "json", "jsonl", "parquet", "xlsx", "markdown"]
)
SkeletonFormat = StrEnum("SkeletonFormat", ["toml"])
TemplateFormat = StrEnum("TemplateFormat", ["csv", "xlsx"])
VariantFormat = StrEnum("VariantFormat", ["table", "csv", "json", "parquet"])
