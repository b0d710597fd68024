use std::fmt;
use std::sync::Arc;

use nsolve_source::Span;

use super::{Condition, Number};

/// A column's position.
pub type ColumnId = u32;
/// A row's position.
pub type RowId = u32;

/// A finite bound, or none.
pub type Bound = Option<Number>;

/// What values a column may have, besides its bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Domain {
    /// Any number between the bounds.
    #[default]
    Real,
    /// Any integer between the bounds. A binary column is one of 0 to 1.
    Integer,
    /// 0, or any number between the bounds.
    Semicontinuous,
    /// 0, or any integer between the bounds.
    Semiinteger,
}

impl Domain {
    /// Whether only integers are allowed.
    pub fn is_integer(self) -> bool {
        matches!(self, Domain::Integer | Domain::Semiinteger)
    }

    /// Whether 0 is allowed whatever the bounds are.
    pub fn is_semi(self) -> bool {
        matches!(self, Domain::Semicontinuous | Domain::Semiinteger)
    }

    /// `real`, `integer`, `semicontinuous` or `semiinteger`.
    pub fn name(self) -> &'static str {
        match self {
            Domain::Real => "real",
            Domain::Integer => "integer",
            Domain::Semicontinuous => "semicontinuous",
            Domain::Semiinteger => "semiinteger",
        }
    }
}

/// A decision variable: one column of the matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The least value; `None` is minus infinity.
    pub lower: Bound,
    /// The greatest value; `None` is infinity.
    pub upper: Bound,
    /// What values it may have.
    pub domain: Domain,
}

impl Column {
    /// A real column without bounds.
    pub const FREE: Column = Column {
        lower: None,
        upper: None,
        domain: Domain::Real,
    };

    /// A column of the values 0 and 1.
    pub fn binary() -> Column {
        Column {
            lower: Some(Number::ZERO),
            upper: Some(Number::ONE),
            domain: Domain::Integer,
        }
    }

    /// The least and the greatest value that it can have.
    pub fn interval(&self) -> (Bound, Bound) {
        let (mut lower, mut upper) = (self.lower.clone(), self.upper.clone());
        if self.domain.is_integer() {
            lower = lower.map(|l| l.ceil());
            upper = upper.map(|u| u.floor());
        }
        if self.domain.is_semi() {
            lower = lower.map(|l| l.min(Number::ZERO));
            upper = upper.map(|u| u.max(Number::ZERO));
        }
        (lower, upper)
    }

    /// Whether its values are 0 and 1 only.
    pub fn is_binary(&self) -> bool {
        self.domain == Domain::Integer
            && self.lower.as_ref().is_some_and(|l| !l.is_negative())
            && self.upper.as_ref().is_some_and(|u| *u <= Number::ONE)
    }
}

/// A sum of multiples of columns, and a constant.
///
/// INVARIANT (of those in a [`Problem`]): columns ascend, no coefficient is 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Linear {
    /// `(column, coefficient)`.
    pub terms: Vec<(ColumnId, Number)>,
    /// What is added.
    pub constant: Number,
}

impl Linear {
    /// A constant.
    pub fn constant(value: Number) -> Self {
        Linear {
            terms: Vec::new(),
            constant: value,
        }
    }

    /// One column.
    pub fn column(column: ColumnId) -> Self {
        Linear {
            terms: vec![(column, Number::ONE)],
            constant: Number::ZERO,
        }
    }

    /// Adds a multiple of another; afterwards [`Linear::normalize`] is due.
    pub fn add(&mut self, other: &Linear, factor: &Number) {
        self.constant += &(&other.constant * factor);
        self.terms
            .extend(other.terms.iter().map(|(c, a)| (*c, a * factor)));
    }

    /// Multiplies by a number.
    pub fn scale(&mut self, factor: &Number) {
        self.constant = &self.constant * factor;
        for (_, coefficient) in &mut self.terms {
            *coefficient = &*coefficient * factor;
        }
    }

    /// Sorts by columns, adds up what is about the same column, and drops
    /// zeros.
    pub fn normalize(&mut self) {
        let sorted = self.terms.is_sorted_by(|a, b| a.0 < b.0);
        if !sorted {
            self.terms.sort_by_key(|(column, _)| *column);
            self.terms.dedup_by(|next, first| {
                let same = next.0 == first.0;
                if same {
                    first.1 += &next.1;
                }
                same
            });
        }
        self.terms.retain(|(_, a)| !a.is_zero());
    }

    /// The least and the greatest value that the columns' bounds allow; `None`
    /// is infinite. A semicontinuous column may be 0 too.
    pub fn range(&self, columns: &[Column]) -> (Bound, Bound) {
        let add = |total: Bound, coefficient: &Number, bound: Bound| -> Bound {
            Some(&total? + &(coefficient * &bound?))
        };
        let mut low = Some(self.constant.clone());
        let mut high = low.clone();
        for (column, coefficient) in &self.terms {
            let (least, greatest) = columns
                .get(*column as usize)
                .map_or((None, None), Column::interval);
            let (for_low, for_high) = if coefficient.is_positive() {
                (least, greatest)
            } else {
                (greatest, least)
            };
            low = add(low, coefficient, for_low);
            high = add(high, coefficient, for_high);
        }
        (low, high)
    }

    /// The value at a point; a column that the point does not have counts as 0.
    pub fn value(&self, point: &[Number]) -> Number {
        let mut total = self.constant.clone();
        for (column, coefficient) in &self.terms {
            if let Some(value) = point.get(*column as usize) {
                total += &(coefficient * value);
            }
        }
        total
    }
}

/// What an objective is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sense {
    /// The least value is wanted.
    #[default]
    Minimize,
    /// The greatest value is wanted.
    Maximize,
}

impl Sense {
    /// `minimize` or `maximize`.
    pub fn name(self) -> &'static str {
        match self {
            Sense::Minimize => "minimize",
            Sense::Maximize => "maximize",
        }
    }
}

/// Something to be made small or large.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objective {
    /// Its name.
    pub name: Arc<str>,
    /// What is wanted of it.
    pub sense: Sense,
    /// What it is.
    pub expression: Linear,
    /// Where it stands.
    pub span: Option<Span>,
    /// What its author says of it.
    pub doc: Option<Arc<str>>,
}

/// The rows of the matrix: each a linear expression between two bounds, stored
/// one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    bounds: Vec<(Bound, Bound)>,
    ends: Vec<u32>,
    columns: Vec<ColumnId>,
    values: Vec<Number>,
}

impl Default for Rows {
    fn default() -> Self {
        Rows {
            bounds: Vec::new(),
            ends: vec![0],
            columns: Vec::new(),
            values: Vec::new(),
        }
    }
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The least value; `None` is minus infinity.
    pub lower: Option<&'a Number>,
    /// The greatest value; `None` is infinity.
    pub upper: Option<&'a Number>,
    /// The columns with a coefficient that is not 0, ascending.
    pub columns: &'a [ColumnId],
    /// The coefficients.
    pub values: &'a [Number],
}

impl Row<'_> {
    /// The columns with their coefficients.
    pub fn terms(&self) -> impl Iterator<Item = (ColumnId, &Number)> {
        self.columns.iter().copied().zip(self.values)
    }

    /// The value of the row's expression at a point.
    pub fn value(&self, point: &[Number]) -> Number {
        let mut total = Number::ZERO;
        for (column, coefficient) in self.terms() {
            if let Some(value) = point.get(column as usize)
                && !value.is_zero()
            {
                total += &(coefficient * value);
            }
        }
        total
    }
}

impl Rows {
    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.bounds.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.bounds.is_empty()
    }

    /// How many coefficients there are.
    pub fn nonzeros(&self) -> usize {
        self.columns.len()
    }

    /// Adds a row. The expression's constant goes to the bounds; the
    /// expression must be [normal](Linear::normalize).
    pub fn push(&mut self, lower: Bound, expression: &Linear, upper: Bound) -> RowId {
        let shift = |bound: Bound| match (&expression.constant, bound) {
            (constant, Some(b)) if !constant.is_zero() => Some(&b - constant),
            (_, bound) => bound,
        };
        let id = self.bounds.len() as RowId;
        self.bounds.push((shift(lower), shift(upper)));
        for (column, coefficient) in &expression.terms {
            self.columns.push(*column);
            self.values.push(coefficient.clone());
        }
        self.ends.push(self.columns.len() as u32);
        id
    }

    /// One row; an empty one where there is none.
    pub fn get(&self, row: RowId) -> Row<'_> {
        let row = row as usize;
        let range = match (self.ends.get(row), self.ends.get(row + 1)) {
            (Some(from), Some(to)) => *from as usize..*to as usize,
            _ => 0..0,
        };
        let bounds = self.bounds.get(row);
        Row {
            lower: bounds.and_then(|(l, _)| l.as_ref()),
            upper: bounds.and_then(|(_, u)| u.as_ref()),
            columns: self.columns.get(range.clone()).unwrap_or_default(),
            values: self.values.get(range).unwrap_or_default(),
        }
    }

    /// All rows in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        (0..self.len() as RowId).map(|row| self.get(row))
    }

    /// Sets the bounds of a row.
    pub fn set_bounds(&mut self, row: RowId, lower: Bound, upper: Bound) {
        if let Some(bounds) = self.bounds.get_mut(row as usize) {
            *bounds = (lower, upper);
        }
    }
}

/// A symbol or number that a set holds.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Symbol {
    /// A number.
    Number(Number),
    /// A word.
    Text(Arc<str>),
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Symbol::Number(n) => n.fmt(f),
            Symbol::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What tells the members of a [`Family`] apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keys {
    /// There is one member, which has the family's name.
    One,
    /// Each member has a tuple of symbols, given by their positions in
    /// [`Problem::symbols`]: all tuples one after the other.
    Tuples {
        /// How many symbols a tuple has.
        arity: u32,
        /// The tuples' symbols.
        symbols: Vec<u32>,
    },
    /// Each member has a name and a place of its own, as in an LP file.
    Names(Vec<(Box<str>, Option<Span>)>),
}

/// Columns, rows, functions or conditions that one declaration made, or that
/// one part of a file lists: neighbours, so that names need no memory each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// The declaration's name; empty where each member has its own.
    pub name: Arc<str>,
    /// Where it stands.
    pub span: Option<Span>,
    /// What its author says of it.
    pub doc: Option<Arc<str>>,
    /// The position of its first member.
    pub first: u32,
    /// How many members it has.
    pub len: u32,
    /// What tells them apart.
    pub keys: Keys,
    /// What its members help to express, where a pass made them: nobody wants
    /// to hear of them then, but of that.
    pub helps: Option<Item>,
}

impl Family {
    /// A family of one.
    pub fn one(name: impl Into<Arc<str>>, first: u32, span: Option<Span>) -> Self {
        Family {
            name: name.into(),
            span,
            doc: None,
            first,
            len: 1,
            keys: Keys::One,
            helps: None,
        }
    }
}

/// One part of a problem that an answer can point at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// A row.
    Row(RowId),
    /// The lower bound of a column.
    Lower(ColumnId),
    /// The upper bound of a column.
    Upper(ColumnId),
    /// That a column is an integer (or 0, where it is semicontinuous).
    Domain(ColumnId),
    /// A condition, by position in [`Problem::conditions`].
    Condition(u32),
    /// A function, by position in [`Problem::functions`].
    Function(u32),
}

/// What a column is, given other columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Function {
    /// The distance from 0.
    Abs(Linear),
    /// The least of them.
    Min(Vec<Linear>),
    /// The greatest of them.
    Max(Vec<Linear>),
    /// The first where the condition holds, else the second.
    If(Box<Condition>, Linear, Linear),
    /// The value of a piecewise linear function of the argument: through these
    /// points, whose first parts ascend strictly, and nowhere else.
    Piecewise {
        /// Where the function is asked.
        argument: Linear,
        /// `(argument, value)`.
        points: Vec<(Number, Number)>,
    },
}

impl Function {
    /// The value at a point; `None` where it has none there.
    pub fn value(&self, point: &[Number]) -> Option<Number> {
        let values = |parts: &[Linear]| -> Vec<Number> {
            parts.iter().map(|part| part.value(point)).collect()
        };
        match self {
            Function::Abs(argument) => Some(argument.value(point).abs()),
            Function::Min(parts) => values(parts).into_iter().min(),
            Function::Max(parts) => values(parts).into_iter().max(),
            Function::If(condition, then, otherwise) => Some(if condition.holds(point) {
                then.value(point)
            } else {
                otherwise.value(point)
            }),
            Function::Piecewise { argument, points } => {
                let at = argument.value(point);
                let after = points.iter().position(|(x, _)| *x >= at)?;
                let (x1, y1) = points.get(after)?;
                if *x1 == at {
                    return Some(y1.clone());
                }
                let (x0, y0) = points.get(after.checked_sub(1)?)?;
                let share = (&at - x0).checked_div(&(x1 - x0))?;
                Some(y0 + &(&share * &(y1 - y0)))
            }
        }
    }

    /// The least and the greatest value that the columns' bounds allow.
    pub fn range(&self, columns: &[Column]) -> (Bound, Bound) {
        let hull = |ranges: Vec<(Bound, Bound)>| {
            let (lows, highs): (Vec<Bound>, Vec<Bound>) = ranges.into_iter().unzip();
            // An infinite one among them makes the whole infinite.
            let low = lows.into_iter().collect::<Option<Vec<Number>>>();
            let high = highs.into_iter().collect::<Option<Vec<Number>>>();
            (
                low.and_then(|l| l.into_iter().min()),
                high.and_then(|h| h.into_iter().max()),
            )
        };
        let ranges = |parts: &[Linear]| -> Vec<(Bound, Bound)> {
            parts.iter().map(|part| part.range(columns)).collect()
        };
        match self {
            Function::Abs(argument) => {
                let (low, high) = argument.range(columns);
                let least = match (&low, &high) {
                    (Some(l), _) if l.is_positive() => l.clone(),
                    (_, Some(h)) if h.is_negative() => -h,
                    _ => Number::ZERO,
                };
                let greatest = low.zip(high).map(|(l, h)| l.abs().max(h.abs()));
                (Some(least), greatest)
            }
            Function::Min(parts) => {
                let (low, _) = hull(ranges(parts));
                let high = ranges(parts).into_iter().filter_map(|(_, h)| h).min();
                (low, high)
            }
            Function::Max(parts) => {
                let (_, high) = hull(ranges(parts));
                let low = ranges(parts).into_iter().filter_map(|(l, _)| l).max();
                (low, high)
            }
            Function::If(_, then, otherwise) => {
                hull(vec![then.range(columns), otherwise.range(columns)])
            }
            Function::Piecewise { points, .. } => (
                points.iter().map(|(_, y)| y.clone()).min(),
                points.iter().map(|(_, y)| y.clone()).max(),
            ),
        }
    }
}

/// Which functions a column stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The column that has the value.
    pub column: ColumnId,
    /// What the value is.
    pub function: Function,
}

/// A mixed-integer linear problem with logic: what a model and its data make
/// together, and what LP and MPS files hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// Its name, may be empty.
    pub name: Arc<str>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Rows,
    /// What is wanted; none is a question for any feasible point. Where there
    /// are several, the first matters most.
    pub objectives: Vec<Objective>,
    /// Columns that are functions of others.
    pub functions: Vec<Definition>,
    /// What must hold besides the rows.
    pub conditions: Vec<Condition>,
    /// The columns' names.
    pub column_families: Vec<Family>,
    /// The rows' names.
    pub row_families: Vec<Family>,
    /// The conditions' names.
    pub condition_families: Vec<Family>,
    /// The symbols that names are made of.
    pub symbols: Vec<Symbol>,
}

impl Problem {
    /// The objective that matters most.
    pub fn objective(&self) -> Option<&Objective> {
        self.objectives.first()
    }

    /// A column; one without any allowed value where there is none.
    pub fn column(&self, column: ColumnId) -> &Column {
        const NOWHERE: &Column = &Column {
            lower: Some(Number::ONE),
            upper: Some(Number::ZERO),
            domain: Domain::Real,
        };
        self.columns.get(column as usize).unwrap_or(NOWHERE)
    }

    /// Whether no column must be an integer or may jump to 0, and there is no
    /// logic.
    pub fn is_linear(&self) -> bool {
        self.columns.iter().all(|c| c.domain == Domain::Real)
            && self.functions.is_empty()
            && self.conditions.is_empty()
    }

    /// A column's name, such as `ship[a,b]`.
    pub fn column_name(&self, column: ColumnId) -> String {
        self.name_in(&self.column_families, column, 'x')
    }

    /// A row's name.
    pub fn row_name(&self, row: RowId) -> String {
        self.name_in(&self.row_families, row, 'r')
    }

    /// A condition's name.
    pub fn condition_name(&self, condition: u32) -> String {
        self.name_in(&self.condition_families, condition, 'l')
    }

    /// The family that a column belongs to.
    pub fn column_family(&self, column: ColumnId) -> Option<&Family> {
        family_of(&self.column_families, column)
    }

    /// The family that a row belongs to.
    pub fn row_family(&self, row: RowId) -> Option<&Family> {
        family_of(&self.row_families, row)
    }

    /// The family that a condition belongs to.
    pub fn condition_family(&self, condition: u32) -> Option<&Family> {
        family_of(&self.condition_families, condition)
    }

    /// The part of the source problem that an item speaks for: what a helper
    /// helps to express, else the item itself.
    pub fn source_item(&self, item: Item) -> Item {
        let family = match item {
            Item::Row(row) => self.row_family(row),
            Item::Lower(c) | Item::Upper(c) | Item::Domain(c) => self.column_family(c),
            Item::Condition(_) | Item::Function(_) => None,
        };
        family.and_then(|f| f.helps).unwrap_or(item)
    }

    /// Where an item stands in the source text.
    pub fn span(&self, item: Item) -> Option<Span> {
        match item {
            Item::Row(row) => span_in(&self.row_families, row),
            Item::Lower(c) | Item::Upper(c) | Item::Domain(c) => span_in(&self.column_families, c),
            Item::Condition(c) => span_in(&self.condition_families, c),
            Item::Function(f) => {
                let column = self.functions.get(f as usize)?.column;
                span_in(&self.column_families, column)
            }
        }
    }

    fn name_in(&self, families: &[Family], member: u32, letter: char) -> String {
        let Some(family) = family_of(families, member) else {
            return format!("{letter}{}", member + 1);
        };
        let at = (member - family.first) as usize;
        match &family.keys {
            Keys::One => family.name.to_string(),
            Keys::Names(names) => names
                .get(at)
                .map_or_else(|| format!("{letter}{}", member + 1), |(n, _)| n.to_string()),
            Keys::Tuples { arity, symbols } => {
                let arity = *arity as usize;
                let keys = symbols.get(at * arity..(at + 1) * arity);
                let mut name = format!("{}[", family.name);
                for (i, key) in keys.unwrap_or_default().iter().enumerate() {
                    if i > 0 {
                        name.push(',');
                    }
                    if let Some(symbol) = self.symbols.get(*key as usize) {
                        name.push_str(&symbol.to_string());
                    }
                }
                name.push(']');
                name
            }
        }
    }
}

fn family_of(families: &[Family], member: u32) -> Option<&Family> {
    let after = families.partition_point(|f| f.first <= member);
    // Families without members share their first with the next one.
    families
        .get(..after)?
        .iter()
        .rev()
        .find(|f| f.len > 0)
        .filter(|f| member - f.first < f.len)
}

fn span_in(families: &[Family], member: u32) -> Option<Span> {
    let family = family_of(families, member)?;
    match &family.keys {
        Keys::Names(names) => names.get((member - family.first) as usize)?.1,
        _ => family.span,
    }
}
