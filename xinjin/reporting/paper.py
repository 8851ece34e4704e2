"""Measures of an official page after GB/T 9704-2012, shared by DOCX and PDF. Millimetres and points as named."""

PAGE_MM = (210.0, 297.0)
TEXT_MM = (156.0, 225.0)  # 版心
TOP_MM, LEFT_MM = 37.0, 28.0  # 天头, 订口
RIGHT_MM = PAGE_MM[0] - LEFT_MM - TEXT_MM[0]
BOTTOM_MM = PAGE_MM[1] - TOP_MM - TEXT_MM[1]
# A landscape page is the same page turned: the text area keeps its size, the binding edge is on top.
WIDE_TOP_MM, WIDE_LEFT_MM = LEFT_MM, PAGE_MM[1] - TOP_MM - TEXT_MM[1]
LINES, CHARACTERS = 22, 28  # 每面22行, 每行28字

MARK_MM = 35.0  # 发文机关标志上边缘至版心上边缘; a letter keeps this room for its text
RED_LINE_GAP_MM = 4.0
FOOTER_GAP_MM = 7.0
OUTER_LINE_MM, INNER_LINE_MM = 0.35, 0.25  # 版记

SIZE_2, SIZE_3, SIZE_4 = 22.0, 16.0, 14.0  # 字号: 2号, 3号, 4号
TABLE_SIZES = (12.0, 10.5)  # 小四, 五号: what reads without effort
SMALLEST = 9.0  # 小五: only when nothing else fits
FINE_PRINT = 9.0  # a check code of 64 digits on one line
MARK_LARGEST, LETTER_MARK_LARGEST = 48.0, 26.0  # 1号
CELL_INSET_PT = 4.0


def points(millimetres: float) -> float:
    """Millimetres in points."""
    return millimetres * 72 / 25.4


TEXT_PT = (points(TEXT_MM[0]), points(TEXT_MM[1]))
LINE_PITCH_PT = TEXT_PT[1] / LINES
# 28 characters of 16 pt are a little wider than the text area; this much is taken from each (negative).
CHARACTER_SPACE_PT = TEXT_PT[0] / CHARACTERS - SIZE_3
