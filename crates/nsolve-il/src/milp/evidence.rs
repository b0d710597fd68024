use super::{ColumnId, Number, RowId};

/// How a point was found to be as good as it is.
///
/// The leaves of a tree of cases, each closed by a weighted sum of rows. In
/// every case the columns' bounds are those of the problem, narrowed by the
/// splits above; a semicontinuous column's are stretched to 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The cases; the first is the whole. A split's two come later than it.
    pub nodes: Vec<Node>,
}

/// One case of a [`Proof`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// A weighted sum of rows. A row with a positive weight counts with its
    /// lower bound, one with a negative weight with its upper one.
    Leaf {
        /// Whether the sum is subtracted from the objective (as it is
        /// minimized; a maximized one counts negated), so that what is left
        /// over bounds that. Otherwise it is subtracted from nothing, and
        /// shows that no point is in this case (Farkas).
        objective: bool,
        /// The rows with their weights.
        weights: Vec<(RowId, Number)>,
    },
    /// Two cases that cover this one, since the column is an integer.
    Split {
        /// Which column.
        column: ColumnId,
        /// It is at most this in the first case, and at least one more in the
        /// second.
        at: i64,
        /// The positions of the two cases.
        cases: (u32, u32),
    },
    /// Two cases that cover this one, since the column is semicontinuous: it is
    /// 0 in the first, and between its bounds in the second.
    Semi {
        /// Which column.
        column: ColumnId,
        /// The positions of the two cases.
        cases: (u32, u32),
    },
}

impl Proof {
    /// A proof of one case.
    pub fn leaf(objective: bool, weights: Vec<(RowId, Number)>) -> Proof {
        Proof {
            nodes: vec![Node::Leaf { objective, weights }],
        }
    }
}

/// How an optimum of a linear problem moves; each is as the solver gave it, a
/// float.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sensitivity {
    /// How much the objective changes with each row's bound, per unit.
    pub row_duals: Vec<f64>,
    /// How much the objective changes with each column's bound, per unit.
    pub reduced_costs: Vec<f64>,
    /// Between which objective coefficients of a column the point stays best.
    pub costs: Vec<(f64, f64)>,
    /// Between which values of its bound a row's dual stays what it is.
    pub right_sides: Vec<(f64, f64)>,
}

/// With a verdict of a feasible or optimal problem: a point.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// The value of every column.
    pub point: Vec<Number>,
    /// Why nothing is better, where that can be shown.
    pub proof: Option<Proof>,
    /// What the solver says that no point beats.
    pub bound: Option<f64>,
    /// Duals and ranges, where the problem is linear.
    pub sensitivity: Option<Sensitivity>,
}

/// What shows that there is no best point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// There is no point at all.
    Infeasible(Proof),
    /// From this point, which is feasible, the objective gets better without
    /// end in this direction.
    Unbounded {
        /// A feasible point.
        point: Vec<Number>,
        /// The direction: columns that change, with by how much.
        ray: Vec<(ColumnId, Number)>,
    },
}
