"""Which table shows the national index? As published, for context only."""

import pandas as pd

from qstats.codebook import Text
from qstats.published_scores import read_published_scores
from qstats.report.columns import Column
from qstats.report.competitiveness.assessment import INDEX
from qstats.report.competitiveness.tables import spread
from qstats.report.display import Display, show_table


def tabulate_published() -> Display:
    """The national index as published, for context: other enterprises, bounds and weights than ours."""
    scores = [one for one in read_published_scores() if one.code == INDEX and one.area["en"] in _SHOWN]
    table = pd.DataFrame(
        [
            {
                "year": str(one.year),
                "value": one.value,
                "issuer": one.issuer,
                **spread({"area": one.area, "rule": one.rule if one.rule["zh"] else _AS_PUBLISHED}),
            }
            for one in sorted(scores, key=lambda one: (_SHOWN.index(one.area["en"]), one.year))
        ]
    )
    return show_table(
        table,
        name="manufacturing_published",
        caption={
            "zh": "国家发布的制造业质量竞争力指数（背景资料，与本市测算值不可比）",
            "en": "The national index of manufacturing as published (context; not comparable with the city's)",
        },
        columns={
            "area": Column(format="bilingual", label={"zh": "地区", "en": "Area"}),
            "year": Column(label={"zh": "年份", "en": "Year"}),
            "value": Column(format="coefficient", label={"zh": "指数（分）", "en": "Index (points)"}),
            "rule": Column(format="bilingual", label={"zh": "依据", "en": "Basis"}),
            "issuer": Column(label={"zh": "发布机构", "en": "Issuer"}),
        },
        notes=[_OFFICIAL],
    )  # fmt: skip


_SHOWN = ("China", "Shandong")
_AS_PUBLISHED: Text = {"zh": "公布值", "en": "published"}
_OFFICIAL: Text = {
    "zh": "空缺的年份本项目没有收录到公布值（全国：1999—2004年、2012—2020年）；聊城市的公布值也没有收录到。",
    "en": "Years that are missing are not held by this project (China: 1999 to 2004 and 2012 to 2020), and no value of Liaocheng is.",
}
