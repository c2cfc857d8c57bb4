"""Geometry of the pictures on the model's page; templates draw them as SVG with a table beside.

Every picture is 340 x 240 units, about one to one on a phone, with shares (0 to 1) on both axes unless
it says otherwise.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 340.0, 240.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 12.0, 12.0, 40.0


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    r: float


@dataclass(frozen=True)
class Line:
    """`points` as SVG writes them; `kind`: main, second, guide or limit."""

    points: str
    kind: str


@dataclass(frozen=True)
class Chart:
    """All that a template needs; `headers` and `rows` say the same in a table."""

    key: str
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]
    lines: Sequence[Line] = ()
    areas: Sequence[str] = ()
    dots: Sequence[Dot] = ()
    rows: Sequence[Sequence[str]] = field(default_factory=list)

    @property
    def view_box(self) -> str:
        return f"0 0 {WIDTH:g} {HEIGHT:g}"

    @property
    def frame(self) -> dict[str, float]:
        """Edges of the drawing inside the axes."""
        return {"left": LEFT, "right": WIDTH - RIGHT, "top": TOP, "bottom": HEIGHT - BOTTOM}


def percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def across(share: float) -> float:
    return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def up(share: float, top: float = 1.0) -> float:
    share = min(max(share / top, 0.0), 1.0)
    return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def points(pairs: Iterable[tuple[float, float]], top: float = 1.0) -> str:
    return " ".join(f"{across(x):g},{up(y, top):g}" for x, y in pairs)


SHARES_ACROSS = tuple(Tick(across(s / 4), percent(s / 4)) for s in range(5))
SHARES_UP = tuple(Tick(up(s / 4), percent(s / 4)) for s in range(5))


@dataclass(frozen=True)
class Bin:
    """Guesses of about one probability: how many, how sure on average, how many right."""

    n: int
    said: float
    right: float
    low: float
    high: float


def calibration(bins: Sequence[Bin], key: str = "calibration") -> Chart:
    """Said against come true: on the diagonal the machine's percentages mean what they say."""
    most = max((one.n for one in bins), default=1)
    return Chart(
        key,
        SHARES_ACROSS,
        SHARES_UP,
        lines=[
            Line(points([(0, 0), (1, 1)]), "guide"),
            *(Line(points([(one.said, one.low), (one.said, one.high)]), "second") for one in bins),
        ],
        dots=[Dot(across(one.said), up(one.right), round(3 + 3 * (one.n / most) ** 0.5, 1)) for one in bins],
        rows=[[percent(b.said), str(b.n), percent(b.right), f"{percent(b.low)} – {percent(b.high)}"] for b in bins],
    )


@dataclass(frozen=True)
class Reached:
    """The surest share of the guesses, and how many of them are right."""

    coverage: float
    accuracy: float
    low: float
    high: float
    n: int


def coverage(curve: Sequence[Reached], key: str = "coverage") -> Chart:
    """The surest first: how many are right among the surest ten, twenty ... of a hundred."""
    band = [(one.coverage, one.high) for one in curve] + [(one.coverage, one.low) for one in reversed(curve)]
    return Chart(
        key,
        SHARES_ACROSS,
        SHARES_UP,
        areas=[points(band)] if curve else [],
        lines=[Line(points([(one.coverage, one.accuracy) for one in curve]), "main")],
        rows=[
            [percent(r.coverage), str(r.n), percent(r.accuracy), f"{percent(r.low)} – {percent(r.high)}"] for r in curve
        ],
    )


def growth(steps: Sequence[tuple[int, float]], *, without: Sequence[float] = (), key: str = "growth") -> Chart:
    """Number of texts learnt from against the share right; ``without``: had it learnt nothing, dashed."""
    most = max((n for n, _ in steps), default=1)
    pairs = [(n / most, share) for n, share in steps]
    other = [(x, share) for (x, _), share in zip(pairs, without, strict=False)]
    return Chart(
        key,
        [Tick(across(s / 4), f"{most * s // 4:,}".replace(",", ".")) for s in range(5)],
        SHARES_UP,
        lines=[*([Line(points(other), "limit")] if other else []), Line(points(pairs), "main")],
        dots=[Dot(across(x), up(y), 3.5) for x, y in pairs],
        rows=[
            [f"{n:,}".replace(",", "."), percent(share), *map(percent, without[i : i + 1])]
            for i, (n, share) in enumerate(steps)
        ],
    )


def weekly(
    labels: Sequence[str], values: Sequence[float], sizes: Sequence[int], threshold: float | None, key: str
) -> Chart:
    """A share week by week, and from where it is alarming."""
    top = min(1.0, max([0.1, *(1.25 * v for v in values), 1.25 * (threshold or 0)]))
    steps = max(1, len(values) - 1)
    pairs = [(i / steps, value) for i, value in enumerate(values)]
    lines = [Line(points(pairs, top), "main")]
    if threshold is not None:
        lines.append(Line(points([(0, threshold), (1, threshold)], top), "limit"))
    shown = {0, len(labels) // 2, len(labels) - 1}
    return Chart(
        key,
        [Tick(across(i / steps), label) for i, label in enumerate(labels) if i in shown],
        [Tick(up(top * s / 2, top), percent(top * s / 2)) for s in range(3)],
        lines=lines,
        dots=[Dot(across(x), up(y, top), 3.5) for x, y in pairs],
        rows=[[label, str(n), percent(value)] for label, n, value in zip(labels, sizes, values, strict=True)],
    )


@dataclass(frozen=True)
class Cell:
    """One field of the confusion picture; `shade` 0 to 1 is its share of the row."""

    x: float
    y: float
    n: int
    shade: float
    right: bool


CELL, MARGIN = 40.0, 44.0


def confusion(counts: Sequence[Sequence[int]]) -> list[Cell]:
    """Rows: what people decided; columns: what the machine guessed first."""
    cells = []
    for i, row in enumerate(counts):
        total = sum(row) or 1
        for j, n in enumerate(row):
            cells.append(
                Cell(MARGIN + CELL * j, MARGIN + CELL * i, n, round(0.08 + 0.82 * n / total, 2) if n else 0.0, i == j)
            )
    return cells
