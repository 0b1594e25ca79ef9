"""What are the works of the synthetic city called? Numbers, names, types of building, dwellings."""

import numpy as np
import polars as pl

from qstats.reference import read_divisions

ESTATES = (
    "阳光", "锦绣", "金鼎", "水岸", "东昌", "凤凰", "裕昌", "星光", "月季", "民生", "当代", "昌润", "滨河",
    "香江", "振兴", "利民", "和谐", "龙山", "育新", "馨园",
)  # fmt: skip
HOUSES = ("花园", "家园", "新城", "雅苑", "公馆", "名郡")
OTHER_WORKS = ("综合楼", "教学楼", "生产车间", "办公楼", "门诊楼", "物流仓库", "商业楼")
DWELLINGS_A_BUILDING = (24, 121)
BUILDINGS = {"large_medium": (2, 5), "other": (1, 3)}


def name_projects(projects: pl.DataFrame) -> pl.DataFrame:
    """Projects with ``project_id, project_name, building_type, dwellings, dwellings_by_building``.

    Names are distinct within a county; what is drawn depends on the projects only.
    """
    short = {one.code: one.short_name for one in read_divisions()}
    numbers: dict[tuple[str, int], int] = {}
    used: dict[str, int] = {}
    rows = []
    for project in projects.iter_rows(named=True):
        code, year = project["county_code"], project["first_accepted_on"].year
        number = numbers[code, year] = numbers.get((code, year), 0) + 1
        at = used[code] = used.get(code, -1) + 1
        generator = np.random.default_rng([year, number, int(code[4:], 36)])
        low, high = BUILDINGS[project["scale"]]
        buildings = int(generator.integers(low, high)) if project["residential"] else 0
        homes = [int(one) for one in generator.integers(*DWELLINGS_A_BUILDING, buildings)]
        rows.append(
            {
                "project_id": f"GC{code}-{year}-{number:03d}",
                "project_name": _name(short[code], at, project["residential"]),
                "building_type": "住宅" if homes else ("公共建筑", "工业建筑")[at % 2],
                "dwellings": sum(homes) if homes else None,
                "dwellings_by_building": homes,
            }
        )
    return pl.concat([projects, pl.DataFrame(rows, infer_schema_length=None)], how="horizontal")


def _name(place: str, at: int, residential: bool) -> str:
    estate = ESTATES[at % len(ESTATES)]
    kinds = HOUSES if residential else OTHER_WORKS
    kind = kinds[at // len(ESTATES) % len(kinds)]
    stage = at // (len(ESTATES) * len(kinds))
    return f"{place}{estate}{kind}" + (f"{'二三四五六七八九'[stage - 1]}期" if stage else "")
