"""A quarterly bulletin as the brigade issues it, with made-up people in the real villages' number (81)."""

from datetime import date
from decimal import Decimal

from xinjin.reporting import Column, Heading, Report, ReportTable

STATIONS = ("五津", "普兴", "花桥", "花源", "兴义", "安西", "永商", "宝墩")
BUSINESS_UNITS = ("刑事侦查大队", "治安管理大队", "交通管理大队", "经济犯罪侦查大队", "禁毒大队", "出入境管理大队")
_SURNAMES, _GIVEN = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗",
    ("建国", "伟", "晓燕", "志强", "敏", "小䶮", "㛃", "秀英"),
)


def units_table() -> ReportTable:
    """Fourteen units with scores, one of them not rated."""
    columns = (
        Column("rank", "名次", "integer", 3),
        Column("unit", "单位", "text", 11),
        Column("people", "应考人数", "integer", 4),
        Column("coverage", "进村达标率", "percent", 5),
        Column("cases", "矛盾纠纷办结", "integer", 4),
        Column("score", "得分", "score", 4),
        Column("grade", "等次", "text", 4),
    )
    names = [f"{name}派出所" for name in STATIONS] + list(BUSINESS_UNITS)
    rows = [
        {
            "rank": index,
            "unit": name,
            "people": 12 - index % 5,
            "coverage": Decimal("0.987") - Decimal(index) / 100,
            "cases": 31 - 2 * index if index < 9 else None,
            "score": Decimal("96.5") - Decimal("1.3") * index if index != 14 else None,
            "grade": "优秀" if index < 4 else "良好" if index < 14 else None,
        }
        for index, name in enumerate(names, start=1)
    ]
    return ReportTable(
        title="2026年第一季度各单位“一村一警”工作考核得分",
        columns=columns,
        rows=rows,
        notes=("派出所与业务警种分两个序列排名。", "“—”表示不适用，不计入分母。"),
        signatories=("制表：社区警务大队", "审核：", "签发："),
        issued_on=date(2026, 4, 10),
    )


def people_table(count: int = 81) -> ReportTable:
    """One row for each village's officer."""
    columns = (
        Column("no", "序号", "integer", 3),
        Column("name", "姓名", "text", 4, link="url"),
        Column("village", "所包村（社区）", "text", 8),
        Column("station", "派出所", "text", 6),
        Column("visits", "进村次数", "integer", 4),
        Column("households", "入户户数", "integer", 4),
        Column("deeds", "办实事", "integer", 4),
        Column("rate", "达标率", "percent", 5),
        Column("score", "季度得分", "score", 4),
        Column("last", "最近进村", "date", 6),
    )
    rows = [
        {
            "no": index,
            "name": _SURNAMES[index % 20] + _GIVEN[index % 8],
            "village": f"{'临江平岗天宫骑龙方井长乐先寺月花'[index % 8 * 2 : index % 8 * 2 + 2]}村",
            "station": f"{STATIONS[index % 8]}派出所",
            "visits": 13 - index % 3,
            "households": 65 + index % 9,
            "deeds": 13 if index % 17 else None,
            "rate": Decimal("1") if index % 4 else Decimal("0.923"),
            "score": Decimal("98.50") - Decimal(index) / 4 if index % 23 else None,
            "last": date(2026, 3, 1 + index % 31),
            "url": f"/assessments/2026-03/{index:06d}/",
        }
        for index in range(1, count + 1)
    ]
    return ReportTable(
        title="2026年第一季度包村民警工作情况明细表",
        columns=columns,
        rows=rows,
        notes=("数据截至2026年3月31日24时。",),
        issued_on=date(2026, 4, 10),
    )


def bulletin() -> Report:
    """The bulletin: five paragraphs, three headings, two attachments, copies and imprint."""
    return Report(
        mark="成都市公安局新津区分局社区警务大队",
        number="新公社警〔2026〕3号",
        title="关于2026年第一季度“一村一警”工作考核情况的通报",
        addressees=("各派出所", "局属各业务警种"),
        body=(
            "2026年第一季度，全局81名包村（驻村）民警和81名包村辅警认真落实“每周进村不少于一天、每次入户不少于5户、"
            "每次办一件实事”的要求，扎实开展走访入户、矛盾排查、治安通报和安全防范宣传。现将有关情况通报如下。",
            Heading("总体情况"),
            "全季度共进村1037次，入户5482户，办实事1015件，排查矛盾纠纷246起，办结231起，办结率93.9%。",
            Heading("主要成效"),
            Heading("走访入户持续加强。", 2, "各单位进村达标率平均96.4%，较上季度提高2.1个百分点。"),
            Heading("矛盾纠纷及时化解。", 2, "橙色以上纠纷19起，全部落实包案领导并按期回访。"),
            Heading("存在问题"),
            "个别单位周报报送不及时，少数村（社区）群防巡逻未按周开展，部分走访日志对群众反映问题的后续办理情况记录不够"
            "具体，治安形势分析与村情结合不紧密。",
            Heading("下步要求"),
            "各单位要对照考核结果认真整改，于4月30日前将整改情况报社区警务大队。",
        ),
        attachments=(units_table(), people_table()),
        issuer="成都市公安局新津区分局社区警务大队",
        issued_on=date(2026, 4, 10),
        notes=("联系人：社区警务大队内勤",),
        seal="sha256:9f2c4e1b7a63d05f",
        cc=("分局领导", "督察大队", "情指中心", "政治处"),
        printed_by="成都市公安局新津区分局社区警务大队",
    )
