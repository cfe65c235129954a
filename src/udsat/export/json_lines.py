"""JSON out, one object after the other, so that no more than one stands in memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

Object = Mapping[str, Any]


def to_jsonl(stream: TextIO, objects: Iterable[Object]) -> None:
    """Write one object per line, in UTF-8."""
    encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
    stream.writelines(encode(one) + "\n" for one in objects)


def to_json(stream: TextIO, head: Object, name: str, objects: Iterable[Object]) -> None:
    """Write one document: what `head` has, then a list of objects under a name, indented by two."""
    start = json.dumps(dict(head), ensure_ascii=False, indent=2, allow_nan=False).removesuffix(
        "\n}"
    )
    stream.write(f"{start},\n  {json.dumps(name)}: [")
    mark = ""
    for one in objects:
        text = json.dumps(one, ensure_ascii=False, indent=2, allow_nan=False)
        stream.write(f"{mark}\n    " + text.replace("\n", "\n    "))
        mark = ","
    stream.write("\n  ]\n}\n" if mark else "]\n}\n")
