"""Annotations are values: what a verdict rests on, with a code, what it is about and a status."""

from __future__ import annotations

from pathlib import Path

from commandline import udsat

HEADER = (
    "area,municipality,list_date,residents,outside_labour_market_pct,basic_education_pct,"
    "convicted_pct,income_ratio_pct,non_western_pct"
)


def table(folder: Path, *rows: str) -> None:
    (folder / "in.csv").write_text("\n".join([HEADER, *rows, ""]), "utf-8")


def test_a_list_judged_by_its_own_law_is_not_said_to_be_judged_by_another(tmp_path: Path) -> None:
    table(
        tmp_path,
        "A,Odense,2014-12-01,,39.9,60,1.95,50,60",
        "A,Odense,2019-12-01,,39.9,60,1.95,50,60",
    )
    run = udsat(tmp_path, "score", "in.csv", "--criteria", "2018", "--format", "json")
    of_lists = {
        area["list_date"]: {one["code"] for one in area["annotations"]}
        for area in run.json()["areas"]
    }
    assert "criteria_chosen" in of_lists["2014-12-01"]
    assert "criteria_chosen" not in of_lists["2019-12-01"]


def test_every_note_in_json_has_its_annotations_beside_it(tmp_path: Path) -> None:
    table(tmp_path, "A,Odense,2021-12-01,,40.0,60,1.98,50,50", "B,Køge,2019-12-01,900,,,,,")
    for area in udsat(tmp_path, "score", "in.csv", "--format", "json").json()["areas"]:
        heads = {note.partition(": ")[0] for note in area["notes"]}
        assert heads == {", ".join(one["about"]) for one in area["annotations"]}
        doubts = [one for one in area["annotations"] if one["code"] == "doubt"]
        assert doubts
        assert all(one["doubt"] and one["status"] for one in doubts)


def test_a_remark_is_the_text_of_a_proxy_and_nothing_else(tmp_path: Path) -> None:
    remark = "practice (ages) | residents: missing"
    (tmp_path / "in.csv").write_text(
        f"{HEADER},convicted_proxy\nA,Odense,2019-12-01,1200,40,60,2.9,50,60,{remark}\n", "utf-8"
    )
    (area,) = udsat(tmp_path, "score", "in.csv", "--format", "json").json()["areas"]
    (proxy,) = [one for one in area["annotations"] if one["code"] == "proxy"]
    assert proxy == {
        "code": "proxy",
        "about": ["convicted"],
        "status": "proxy",
        "text": f"proxy, {remark}",
    }
    assert "residents_missing" not in {one["code"] for one in area["annotations"]}
