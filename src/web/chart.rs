//! Charts as inline SVG, each with its figures in a table: what the picture shows can be read, heard and printed.
//!
//! A page holds one as a field and writes `{{ chart|safe }}`; the chart escapes its own text. Holds no words of its own
//! and no arithmetic of the trade: labels and figures come ready from the page.

use askama::Template;

// Where the plot begins and ends, in the units of the view box.
const TOP: i64 = 16;
const FOOT: i64 = 164;
const LEFT: i64 = 46;
const RIGHT: i64 = 336;

/// One figure of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What it is called in the table.
    pub label: String,
    /// What stands under it in the picture: short, such as the number of the month. [`Bars`] do not use it.
    pub tick: String,
    /// How much; what is below zero is drawn as nothing.
    pub value: i64,
    /// How much, in words of the page.
    pub text: String,
}

/// What the figures are measured against: a line across the chart. A figure above it is marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// How much.
    pub value: i64,
    /// What it is, with its figure.
    pub label: String,
}

fn top(marks: &[Mark], limit: Option<&Limit>) -> i64 {
    let most = marks.iter().map(|m| m.value).chain(limit.map(|l| l.value)).max().unwrap_or(0);
    round_up(most.max(1))
}

fn is_over(mark: &Mark, limit: Option<&Limit>) -> bool {
    limit.is_some_and(|limit| mark.value > limit.value)
}

/// The next of 1, 2, 3, 4, 5, 6, 8, 10 with zeros, so that half of it reads well too.
fn round_up(value: i64) -> i64 {
    let mut unit: i64 = 1;
    while value > unit.saturating_mul(10) {
        unit = unit.saturating_mul(10);
    }
    let steps = [1, 2, 3, 4, 5, 6, 8, 10].into_iter().map(|n| unit.saturating_mul(n));
    steps.into_iter().find(|step| *step >= value).unwrap_or(i64::MAX)
}

/// `part` of `whole` of `size` units, with one decimal.
fn scaled(part: i64, whole: i64, size: i64) -> i64 {
    let tenths = i128::from(part.clamp(0, whole)) * i128::from(size) * 10 / i128::from(whole.max(1));
    i64::try_from(tenths).unwrap_or(0)
}

fn decimal(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Horizontal bars: things compared with each other. The table is the chart.
#[derive(Debug, Clone, Template)]
#[template(path = "chart/bars.html", config = ".askama.toml")]
pub struct Bars {
    /// What it shows; empty where a heading stands over it already.
    pub title: String,
    /// The heads of the columns: of the things, of the figures.
    pub heads: (String, String),
    /// The bars, in order.
    pub marks: Vec<Mark>,
    /// What they are measured against.
    pub limit: Option<Limit>,
}

impl Bars {
    fn share(&self, value: i64) -> String {
        decimal(scaled(value, top(&self.marks, self.limit.as_ref()), 100))
    }

    fn length(&self, mark: &Mark) -> String {
        self.share(mark.value)
    }

    fn at(&self, limit: &Limit) -> String {
        self.share(limit.value)
    }

    fn over(&self, mark: &Mark) -> bool {
        is_over(mark, self.limit.as_ref())
    }
}

/// How a [`Series`] is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A column for each: amounts that belong to their month.
    Columns,
    /// A line through them: a state that goes on.
    Line,
}

/// Figures over time, twelve or so.
#[derive(Debug, Clone, Template)]
#[template(path = "chart/series.html", config = ".askama.toml")]
pub struct Series {
    /// What it shows.
    pub title: String,
    /// The heads of the columns: of the times, of the figures.
    pub heads: (String, String),
    /// The figures, in order of time.
    pub marks: Vec<Mark>,
    /// What they are measured against.
    pub limit: Option<Limit>,
    /// Columns or a line.
    pub shape: Shape,
    /// Writes a figure beside the picture, short.
    pub say: fn(i64) -> String,
}

/// A height with what is written there.
struct Level {
    y: String,
    text: String,
}

/// Where one figure is drawn.
struct Place {
    left: String,
    middle: String,
    width: String,
    y: String,
    height: String,
    tick: String,
    over: bool,
}

/// The picture in numbers.
struct Plot {
    grid: Vec<Level>,
    columns: Vec<Place>,
    path: String,
    limit: Option<Level>,
}

impl Series {
    fn over(&self, mark: &Mark) -> bool {
        is_over(mark, self.limit.as_ref())
    }

    fn is_line(&self) -> bool {
        self.shape == Shape::Line
    }

    fn plot(&self) -> Plot {
        let top = top(&self.marks, self.limit.as_ref());
        let rise = |value: i64| scaled(value, top, FOOT - TOP);
        let y = |value: i64| decimal(FOOT * 10 - rise(value));
        let level = |value: i64| Level { y: y(value), text: (self.say)(value) };
        let count = i64::try_from(self.marks.len()).unwrap_or(1).max(1);
        let slot = (RIGHT - LEFT) * 10 / count;
        let places = (0_i64..).zip(&self.marks).map(|(n, mark)| {
            let left = LEFT * 10 + n * slot;
            Place {
                left: decimal(left + slot / 6),
                middle: decimal(left + slot / 2),
                width: decimal(slot - slot / 3),
                y: y(mark.value),
                height: decimal(rise(mark.value)),
                tick: mark.tick.clone(),
                over: self.over(mark),
            }
        });
        let columns: Vec<_> = places.collect();
        let path: Vec<_> = columns.iter().map(|c| format!("{},{}", c.middle, c.y)).collect();
        let limit = self.limit.as_ref().map(|l| Level { y: y(l.value), text: l.label.clone() });
        let halves: &[i64] = if top > 1 { &[0, top / 2, top] } else { &[0, top] };
        Plot { grid: halves.iter().map(|v| level(*v)).collect(), columns, path: path.join(" "), limit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(label: &str, value: i64) -> Mark {
        Mark { label: label.to_owned(), tick: label.to_owned(), value, text: format!("{value} 分") }
    }

    fn bars(marks: Vec<Mark>, limit: Option<i64>) -> String {
        let limit = limit.map(|value| Limit { value, label: format!("上限 {value}") });
        let heads = ("项目".to_owned(), "分".to_owned());
        Bars { title: "各项发放".to_owned(), heads, marks, limit }.render().unwrap()
    }

    fn series(marks: Vec<Mark>, limit: Option<i64>, shape: Shape) -> String {
        let limit = limit.map(|value| Limit { value, label: format!("上限 {value}") });
        let heads = ("月".to_owned(), "分".to_owned());
        let title = "各月发放".to_owned();
        Series { title, heads, marks, limit, shape, say: |v| v.to_string() }.render().unwrap()
    }

    #[test]
    fn the_longest_bar_sets_the_scale_and_every_figure_is_also_in_words() {
        let html = bars(vec![mark("A1", 100), mark("A2", 25), mark("A3", 0)], None);
        for part in
            ["width=\"100.0%\"", "width=\"25.0%\"", "width=\"0.0%\"", ">25 分<", "<th scope=\"row\">A2</th>"]
        {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains("over"), "{html}");
    }

    #[test]
    fn what_is_over_the_limit_is_marked_and_what_is_at_it_is_not() {
        let html = bars(vec![mark("A1", 120), mark("A2", 100)], Some(100));
        assert_eq!(html.matches("class=\"over\"").count(), 1, "{html}");
        assert!(html.contains("上限 100"), "{html}");
        for shape in [Shape::Columns, Shape::Line] {
            let html = series(vec![mark("1", 120), mark("2", 100)], Some(100), shape);
            assert_eq!(html.matches("class=\"mark over\"").count(), 1, "{html}");
            assert_eq!(html.matches("▲").count(), 1, "{html}");
        }
    }

    #[test]
    fn labels_cannot_carry_markup() {
        let html =
            bars(vec![mark("<script>", 1)], None) + &series(vec![mark("<b>", 1)], None, Shape::Columns);
        assert!(!html.contains("<script>") && !html.contains("<b>&"), "{html}");
        assert!(html.contains("&#60;script&#62;"), "{html}");
    }

    #[test]
    fn a_column_stands_on_the_foot_and_reaches_its_height() {
        // the scale ends at 200: 100 is half of the 148 units between 16 and 164
        let html = series(vec![mark("1", 100), mark("2", 190)], None, Shape::Columns);
        assert!(html.contains("y=\"90.0\"") && html.contains("height=\"74.0\""), "{html}");
        assert!(html.contains(">200</text>") && html.contains(">100</text>"), "{html}");
        let line = series(vec![mark("1", 100), mark("2", 190)], None, Shape::Line);
        assert!(line.contains("points=\"118.5,90.0 "), "{line}");
    }

    #[test]
    fn no_figures_and_figures_below_nothing_are_drawn_as_nothing() {
        assert!(series(Vec::new(), None, Shape::Line).contains("points=\"\""));
        assert!(bars(vec![mark("A1", -5)], None).contains("width=\"0.0%\" height=\"16\" class=\"mark\""));
        assert!(bars(vec![mark("A1", i64::MAX)], None).contains("width=\"100.0%\""));
    }

    #[test]
    fn scales_end_at_a_round_number() {
        for (value, top) in [(1, 1), (7, 8), (11, 20), (6_558, 8_000), (78_700, 80_000), (96_001, 100_000)] {
            assert_eq!(round_up(value), top);
        }
    }
}
