use super::{ColumnId, Linear, Number, Problem};

/// How two sides of a comparison relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// At most.
    Le,
    /// At least.
    Ge,
    /// Equal.
    Eq,
    /// Less.
    Lt,
    /// More.
    Gt,
    /// Different.
    Ne,
}

impl Relation {
    /// As written in models.
    pub fn symbol(self) -> &'static str {
        match self {
            Relation::Le => "<=",
            Relation::Ge => ">=",
            Relation::Eq => "=",
            Relation::Lt => "<",
            Relation::Gt => ">",
            Relation::Ne => "!=",
        }
    }

    /// What holds exactly where this does not.
    #[must_use]
    pub fn negated(self) -> Relation {
        match self {
            Relation::Le => Relation::Gt,
            Relation::Ge => Relation::Lt,
            Relation::Eq => Relation::Ne,
            Relation::Lt => Relation::Ge,
            Relation::Gt => Relation::Le,
            Relation::Ne => Relation::Eq,
        }
    }

    /// The same with the sides exchanged.
    #[must_use]
    pub fn flipped(self) -> Relation {
        match self {
            Relation::Le => Relation::Ge,
            Relation::Ge => Relation::Le,
            Relation::Lt => Relation::Gt,
            Relation::Gt => Relation::Lt,
            Relation::Eq | Relation::Ne => self,
        }
    }

    /// Whether it holds between two numbers.
    pub fn holds(self, left: &Number, right: &Number) -> bool {
        match self {
            Relation::Le => left <= right,
            Relation::Ge => left >= right,
            Relation::Eq => left == right,
            Relation::Lt => left < right,
            Relation::Gt => left > right,
            Relation::Ne => left != right,
        }
    }
}

/// How many of some conditions hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Count {
    /// So many or fewer.
    AtMost,
    /// So many or more.
    AtLeast,
    /// So many.
    Exactly,
}

impl Count {
    /// `atmost`, `atleast` or `exactly`.
    pub fn name(self) -> &'static str {
        match self {
            Count::AtMost => "atmost",
            Count::AtLeast => "atleast",
            Count::Exactly => "exactly",
        }
    }

    /// Whether so many are right.
    pub fn holds(self, found: u64, wanted: u64) -> bool {
        match self {
            Count::AtMost => found <= wanted,
            Count::AtLeast => found >= wanted,
            Count::Exactly => found == wanted,
        }
    }
}

/// Something that is true or false at a point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Always, or never.
    Constant(bool),
    /// The expression relates to 0 as said.
    Compare(Linear, Relation),
    /// It does not hold.
    Not(Box<Condition>),
    /// All hold.
    And(Vec<Condition>),
    /// At least one holds.
    Or(Vec<Condition>),
    /// An odd number of them holds.
    Xor(Box<Condition>, Box<Condition>),
    /// The second holds where the first does.
    Implies(Box<Condition>, Box<Condition>),
    /// Both or neither.
    Iff(Box<Condition>, Box<Condition>),
    /// So many of them hold.
    Count(Count, u64, Vec<Condition>),
    /// A special ordered set (Beale and Tomlin 1970): of these columns, in
    /// this order, at most so many (1 or 2) differ from 0, and they are
    /// neighbours.
    Sos(u8, Vec<ColumnId>),
}

impl Condition {
    /// Whether it holds at a point.
    pub fn holds(&self, point: &[Number]) -> bool {
        match self {
            Condition::Constant(value) => *value,
            Condition::Compare(left, relation) => relation.holds(&left.value(point), &Number::ZERO),
            Condition::Not(inner) => !inner.holds(point),
            Condition::And(parts) => parts.iter().all(|p| p.holds(point)),
            Condition::Or(parts) => parts.iter().any(|p| p.holds(point)),
            Condition::Xor(a, b) => a.holds(point) != b.holds(point),
            Condition::Implies(a, b) => !a.holds(point) || b.holds(point),
            Condition::Iff(a, b) => a.holds(point) == b.holds(point),
            Condition::Count(count, wanted, parts) => {
                let found = parts.iter().filter(|p| p.holds(point)).count();
                count.holds(found as u64, *wanted)
            }
            Condition::Sos(kind, columns) => {
                let used: Vec<usize> = columns
                    .iter()
                    .enumerate()
                    .filter(|(_, c)| point.get(**c as usize).is_some_and(|v| !v.is_zero()))
                    .map(|(i, _)| i)
                    .collect();
                match used.as_slice() {
                    [] | [_] => true,
                    [a, b] => *kind == 2 && b - a == 1,
                    _ => false,
                }
            }
        }
    }

    /// That a column of the values 0 and 1 is 1, where this says that.
    pub fn as_binary(&self, problem: &Problem) -> Option<ColumnId> {
        let Condition::Compare(left, relation) = self else {
            return None;
        };
        let [(column, coefficient)] = left.terms.as_slice() else {
            return None;
        };
        if !problem.column(*column).is_binary() {
            return None;
        }
        let at = |value: Number| {
            relation.holds(&(&(coefficient * &value) + &left.constant), &Number::ZERO)
        };
        (at(Number::ONE) && !at(Number::ZERO)).then_some(*column)
    }
}
