use std::ffi::{CStr, c_int, c_void};
use std::ptr::{null, null_mut};
use std::time::Duration;

use super::Library;
use super::api::{Api, CallbackIn, Raw, Text};

/// What went wrong in a call of HiGHS.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HighsError {
    /// A call failed.
    #[error("HiGHS refused the call `{0}` (it takes no coefficient of 1e15 or more)")]
    Refused(&'static str),
    /// The arrays of a model do not fit each other, or hold what is no number.
    #[error("the matrix is not well-formed: {0}")]
    Matrix(&'static str),
}

/// A model as HiGHS takes it: rows one after the other.
pub(crate) struct Matrix<'a> {
    pub(crate) maximize: bool,
    pub(crate) offset: f64,
    pub(crate) cost: &'a [f64],
    pub(crate) lower: &'a [f64],
    pub(crate) upper: &'a [f64],
    pub(crate) row_lower: &'a [f64],
    pub(crate) row_upper: &'a [f64],
    /// Where each row begins.
    pub(crate) starts: &'a [i32],
    pub(crate) index: &'a [i32],
    pub(crate) value: &'a [f64],
    /// 0 real, 1 integer, 2 semicontinuous, 3 semiinteger; empty is all real.
    pub(crate) integrality: &'a [i32],
}

impl Matrix<'_> {
    /// Whether the arrays fit each other: what makes the call safe.
    fn check(&self) -> Result<(), HighsError> {
        let (columns, rows) = (self.cost.len(), self.row_lower.len());
        let lengths = self.lower.len() == columns
            && self.upper.len() == columns
            && self.row_upper.len() == rows
            && self.starts.len() == rows
            && self.index.len() == self.value.len()
            && (self.integrality.is_empty() || self.integrality.len() == columns);
        if !lengths {
            return Err(HighsError::Matrix("arrays of different lengths"));
        }
        let most = i32::MAX as usize;
        if columns > most || rows > most || self.index.len() > most {
            return Err(HighsError::Matrix("more than 2^31 entries"));
        }
        let mut last = 0;
        for start in self.starts {
            if *start < last || *start as usize > self.index.len() {
                return Err(HighsError::Matrix("rows out of order"));
            }
            last = *start;
        }
        let inside = |i: &i32| usize::try_from(*i).is_ok_and(|i| i < columns);
        if !self.index.iter().all(inside) {
            return Err(HighsError::Matrix("a column that is not there"));
        }
        let finite = |list: &[f64]| list.iter().all(|v| v.is_finite());
        let numbers = |list: &[f64]| list.iter().all(|v| !v.is_nan());
        if !finite(self.cost) || !finite(self.value) || !self.offset.is_finite() {
            return Err(HighsError::Matrix("a coefficient that is not finite"));
        }
        let bounds = [self.lower, self.upper, self.row_lower, self.row_upper];
        if !bounds.into_iter().all(numbers) {
            return Err(HighsError::Matrix("a bound that is no number"));
        }
        Ok(())
    }
}

/// HiGHS's own word on a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Optimal,
    Infeasible,
    UnboundedOrInfeasible,
    Unbounded,
    TimeLimit,
    IterationLimit,
    SolutionLimit,
    Interrupt,
    /// A limit on the objective was met.
    Target,
    /// There is nothing to solve.
    Empty,
    Unknown,
    /// It broke off.
    Failed,
}

/// A point with its duals.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values {
    pub(crate) column: Vec<f64>,
    pub(crate) column_dual: Vec<f64>,
    pub(crate) row: Vec<f64>,
    pub(crate) row_dual: Vec<f64>,
}

/// Where a column or row is in a basis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BasisStatus {
    Lower,
    Basic,
    Upper,
    /// Nonbasic without bounds, at 0.
    Zero,
    Nonbasic,
}

/// A basis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Basis {
    pub(crate) columns: Vec<BasisStatus>,
    pub(crate) rows: Vec<BasisStatus>,
}

/// Between which values a basis stays best: `(from, to)`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ranging {
    pub(crate) costs: Vec<(f64, f64)>,
    pub(crate) rows: Vec<(f64, f64)>,
}

/// The interrupts that HiGHS asks for: simplex, interior point, MIP.
const INTERRUPTS: [c_int; 3] = [1, 2, 6];
const OK: c_int = 0;
const ERROR: c_int = -1;

/// One model in HiGHS. Its clocks, basis and options are its own.
pub(crate) struct Session {
    api: &'static Api,
    raw: Raw,
    infinity: f64,
    columns: usize,
    rows: usize,
}

// SAFETY: A Highs object has no ties to the thread that made it; `&mut` keeps
// two threads from using it at once.
unsafe impl Send for Session {}

impl Session {
    /// An empty session, silent and on one thread.
    ///
    /// # Errors
    /// Where an option is refused.
    pub(crate) fn new(library: &'static Library) -> Result<Self, HighsError> {
        let api = &library.api;
        // SAFETY: The object is owned by the session from here on.
        let raw = unsafe { (api.Highs_create)() };
        if raw.is_null() {
            return Err(HighsError::Refused("Highs_create"));
        }
        let mut session = Session {
            api,
            raw,
            // SAFETY: The object was just made.
            infinity: unsafe { (api.Highs_getInfinity)(raw) },
            columns: 0,
            rows: 0,
        };
        session.set_bool(c"output_flag", false)?;
        session.set_int(c"threads", 1)?;
        // Coefficients below this are dropped; the least that is allowed.
        session.set_double(c"small_matrix_value", 1e-12)?;
        Ok(session)
    }

    fn ok(&self, status: c_int, call: &'static str) -> Result<(), HighsError> {
        // A warning (1) is a success.
        if status == ERROR {
            Err(HighsError::Refused(call))
        } else {
            Ok(())
        }
    }

    pub(crate) fn set_bool(&mut self, option: &CStr, value: bool) -> Result<(), HighsError> {
        // SAFETY: The object lives, the name ends in NUL.
        let status = unsafe {
            (self.api.Highs_setBoolOptionValue)(self.raw, option.as_ptr(), c_int::from(value))
        };
        self.ok(status, "Highs_setBoolOptionValue")
    }

    pub(crate) fn set_int(&mut self, option: &CStr, value: i32) -> Result<(), HighsError> {
        // SAFETY: As above.
        let status =
            unsafe { (self.api.Highs_setIntOptionValue)(self.raw, option.as_ptr(), value) };
        self.ok(status, "Highs_setIntOptionValue")
    }

    pub(crate) fn set_double(&mut self, option: &CStr, value: f64) -> Result<(), HighsError> {
        // SAFETY: As above.
        let status =
            unsafe { (self.api.Highs_setDoubleOptionValue)(self.raw, option.as_ptr(), value) };
        self.ok(status, "Highs_setDoubleOptionValue")
    }

    pub(crate) fn set_text(&mut self, option: &CStr, value: &CStr) -> Result<(), HighsError> {
        // SAFETY: As above, for both texts.
        let status = unsafe {
            (self.api.Highs_setStringOptionValue)(self.raw, option.as_ptr(), value.as_ptr())
        };
        self.ok(status, "Highs_setStringOptionValue")
    }

    /// Replaces the model, in one call.
    ///
    /// # Errors
    /// Where the arrays are not well-formed: then the model before stays. Where
    /// HiGHS refuses a value (a coefficient of 1e15 or more, say): then the
    /// session is without a model.
    pub(crate) fn pass(&mut self, matrix: &Matrix<'_>) -> Result<(), HighsError> {
        matrix.check()?;
        const ROW_WISE: c_int = 2;
        let sense = if matrix.maximize { -1 } else { 1 };
        let integrality = match matrix.integrality {
            [] => null(),
            list => list.as_ptr(),
        };
        // SAFETY: `check` has seen that all arrays have the lengths that are
        // passed, that rows begin in order, and that columns exist.
        let status = unsafe {
            (self.api.Highs_passModel)(
                self.raw,
                matrix.cost.len() as c_int,
                matrix.row_lower.len() as c_int,
                matrix.index.len() as c_int,
                0,
                ROW_WISE,
                1,
                sense,
                matrix.offset,
                matrix.cost.as_ptr(),
                self.bounds(matrix.lower).as_ptr(),
                self.bounds(matrix.upper).as_ptr(),
                self.bounds(matrix.row_lower).as_ptr(),
                self.bounds(matrix.row_upper).as_ptr(),
                matrix.starts.as_ptr(),
                matrix.index.as_ptr(),
                matrix.value.as_ptr(),
                null(),
                null(),
                null(),
                integrality,
            )
        };
        let taken = self.ok(status, "Highs_passModel");
        if taken.is_err() {
            // HiGHS keeps a model that it refuses, would solve it, and has its
            // sizes from then on, not those that our arrays are made for.
            // SAFETY: The object lives.
            unsafe { (self.api.Highs_clearModel)(self.raw) };
            (self.columns, self.rows) = (0, 0);
            return taken;
        }
        self.columns = matrix.cost.len();
        self.rows = matrix.row_lower.len();
        Ok(())
    }

    /// HiGHS takes IEEE infinities as its own.
    fn bounds<'b>(&self, bounds: &'b [f64]) -> &'b [f64] {
        debug_assert!(self.infinity.is_infinite());
        bounds
    }

    /// Solves. `stop` is asked now and then, and ends it when true.
    ///
    /// # Errors
    /// Where HiGHS refuses the time limit.
    pub(crate) fn run(
        &mut self,
        time: Option<Duration>,
        mut stop: &dyn Fn() -> bool,
    ) -> Result<Status, HighsError> {
        let time = time.map_or(f64::INFINITY, |t| t.as_secs_f64());
        // The limit is on the time of all runs of an object together.
        // SAFETY: The object lives.
        unsafe { (self.api.Highs_zeroAllClocks)(self.raw) };
        self.set_double(c"time_limit", time)?;
        let data: *mut c_void = std::ptr::from_mut(&mut stop).cast();
        // SAFETY: `interrupt` has the signature that is wanted; `data` outlives
        // the run, and callbacks are stopped after it.
        let status = unsafe {
            (self.api.Highs_setCallback)(self.raw, interrupt, data);
            for kind in INTERRUPTS {
                (self.api.Highs_startCallback)(self.raw, kind);
            }
            let status = (self.api.Highs_run)(self.raw);
            for kind in INTERRUPTS {
                (self.api.Highs_stopCallback)(self.raw, kind);
            }
            status
        };
        let word = self.status();
        if status == ERROR && word == Status::Unknown {
            return Ok(Status::Failed);
        }
        Ok(word)
    }

    fn status(&self) -> Status {
        // SAFETY: The object lives.
        match unsafe { (self.api.Highs_getModelStatus)(self.raw) } {
            6 => Status::Empty,
            7 => Status::Optimal,
            8 => Status::Infeasible,
            9 => Status::UnboundedOrInfeasible,
            10 => Status::Unbounded,
            11 | 12 => Status::Target,
            13 => Status::TimeLimit,
            14 => Status::IterationLimit,
            16 => Status::SolutionLimit,
            17 => Status::Interrupt,
            1..=5 => Status::Failed,
            _ => Status::Unknown,
        }
    }

    fn int_info(&self, name: &CStr) -> Option<i32> {
        let mut value = 0;
        // SAFETY: The object lives, the name ends in NUL, `value` is written.
        let status =
            unsafe { (self.api.Highs_getIntInfoValue)(self.raw, name.as_ptr(), &raw mut value) };
        (status == OK).then_some(value)
    }

    fn double_info(&self, name: &CStr) -> Option<f64> {
        let mut value = 0.0;
        // SAFETY: As above.
        let status =
            unsafe { (self.api.Highs_getDoubleInfoValue)(self.raw, name.as_ptr(), &raw mut value) };
        (status == OK).then_some(value)
    }

    /// What no point beats, of a problem with integers.
    pub(crate) fn bound(&self) -> Option<f64> {
        self.double_info(c"mip_dual_bound")
            .filter(|b| b.is_finite())
    }

    /// Whether there is a feasible point.
    pub(crate) fn has_point(&self) -> bool {
        self.int_info(c"primal_solution_status") == Some(2)
    }

    /// The point that was found last.
    pub(crate) fn values(&self) -> Values {
        let mut values = Values {
            column: vec![0.0; self.columns],
            column_dual: vec![0.0; self.columns],
            row: vec![0.0; self.rows],
            row_dual: vec![0.0; self.rows],
        };
        // SAFETY: The arrays have the lengths of the model.
        unsafe {
            (self.api.Highs_getSolution)(
                self.raw,
                values.column.as_mut_ptr(),
                values.column_dual.as_mut_ptr(),
                values.row.as_mut_ptr(),
                values.row_dual.as_mut_ptr(),
            );
        }
        values
    }

    /// A point to start from.
    ///
    /// # Errors
    /// Where it has another length than the model, or is refused.
    pub(crate) fn set_point(&mut self, point: &[f64]) -> Result<(), HighsError> {
        if point.len() != self.columns {
            return Err(HighsError::Matrix("a point of another length"));
        }
        // SAFETY: The array has the length of the model; others may be null.
        let status = unsafe {
            (self.api.Highs_setSolution)(self.raw, point.as_ptr(), null(), null(), null())
        };
        self.ok(status, "Highs_setSolution")
    }

    /// The basis of the last run, where it has one.
    pub(crate) fn basis(&self) -> Option<Basis> {
        if self.int_info(c"basis_validity") != Some(1) {
            return None;
        }
        let mut columns = vec![0; self.columns];
        let mut rows = vec![0; self.rows];
        // SAFETY: The arrays have the lengths of the model.
        let status =
            unsafe { (self.api.Highs_getBasis)(self.raw, columns.as_mut_ptr(), rows.as_mut_ptr()) };
        let status_of = |list: Vec<c_int>| {
            list.into_iter()
                .map(|code| match code {
                    0 => BasisStatus::Lower,
                    1 => BasisStatus::Basic,
                    2 => BasisStatus::Upper,
                    3 => BasisStatus::Zero,
                    _ => BasisStatus::Nonbasic,
                })
                .collect()
        };
        (status == OK).then(|| Basis {
            columns: status_of(columns),
            rows: status_of(rows),
        })
    }

    /// A basis to start from.
    ///
    /// # Errors
    /// Where it has another size than the model, or is refused.
    pub(crate) fn set_basis(&mut self, basis: &Basis) -> Result<(), HighsError> {
        if basis.columns.len() != self.columns || basis.rows.len() != self.rows {
            return Err(HighsError::Matrix("a basis of another size"));
        }
        let codes = |list: &[BasisStatus]| -> Vec<c_int> {
            list.iter()
                .map(|status| match status {
                    BasisStatus::Lower => 0,
                    BasisStatus::Basic => 1,
                    BasisStatus::Upper => 2,
                    BasisStatus::Zero => 3,
                    BasisStatus::Nonbasic => 4,
                })
                .collect()
        };
        let (columns, rows) = (codes(&basis.columns), codes(&basis.rows));
        // SAFETY: The arrays have the lengths of the model.
        let status =
            unsafe { (self.api.Highs_setBasis)(self.raw, columns.as_ptr(), rows.as_ptr()) };
        self.ok(status, "Highs_setBasis")
    }

    /// Forgets the basis and the point.
    pub(crate) fn forget(&mut self) {
        // SAFETY: The object lives.
        unsafe { (self.api.Highs_clearSolver)(self.raw) };
    }

    /// Weights of rows that show that there is no point.
    pub(crate) fn dual_ray(&self) -> Option<Vec<f64>> {
        let (mut has, mut ray) = (0, vec![0.0; self.rows]);
        // SAFETY: The array has the length of the model.
        let status =
            unsafe { (self.api.Highs_getDualRay)(self.raw, &raw mut has, ray.as_mut_ptr()) };
        (status == OK && has == 1).then_some(ray)
    }

    /// Changes the bounds of a column that the model has.
    ///
    /// # Errors
    /// Where HiGHS refuses them.
    pub(crate) fn set_column(
        &mut self,
        column: u32,
        lower: f64,
        upper: f64,
    ) -> Result<(), HighsError> {
        // SAFETY: HiGHS checks the position itself.
        let status =
            unsafe { (self.api.Highs_changeColBounds)(self.raw, column as c_int, lower, upper) };
        self.ok(status, "Highs_changeColBounds")
    }

    /// Changes all objective coefficients.
    ///
    /// # Errors
    /// Where there are more or fewer than columns, or HiGHS refuses them.
    pub(crate) fn set_costs(&mut self, costs: &[f64]) -> Result<(), HighsError> {
        if costs.len() != self.columns {
            return Err(HighsError::Matrix("costs of another length"));
        }
        if costs.is_empty() {
            return Ok(());
        }
        let last = costs.len() as c_int - 1;
        // SAFETY: The array has the length of the range.
        let status =
            unsafe { (self.api.Highs_changeColsCostByRange)(self.raw, 0, last, costs.as_ptr()) };
        self.ok(status, "Highs_changeColsCostByRange")
    }

    /// How far costs and right-hand sides may move; after an optimum of a
    /// linear problem.
    pub(crate) fn ranging(&self) -> Option<Ranging> {
        let (n, m) = (self.columns, self.rows);
        let column = || vec![0.0; n];
        let mut cost_up = column();
        let mut cost_down = column();
        let mut row_up = vec![0.0; m];
        let mut row_down = vec![0.0; m];
        let skip = null_mut::<f64>();
        let none = null_mut::<c_int>();
        // SAFETY: The arrays that are there have the lengths of the model;
        // HiGHS leaves out what is null.
        let status = unsafe {
            (self.api.Highs_getRanging)(
                self.raw,
                cost_up.as_mut_ptr(),
                skip,
                none,
                none,
                cost_down.as_mut_ptr(),
                skip,
                none,
                none,
                skip,
                skip,
                none,
                none,
                skip,
                skip,
                none,
                none,
                row_up.as_mut_ptr(),
                skip,
                none,
                none,
                row_down.as_mut_ptr(),
                skip,
                none,
                none,
            )
        };
        (status == OK).then(|| Ranging {
            costs: cost_down.into_iter().zip(cost_up).collect(),
            rows: row_down.into_iter().zip(row_up).collect(),
        })
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // SAFETY: The object lives until here, and nobody else has it.
        unsafe { (self.api.Highs_destroy)(self.raw) };
    }
}

/// Tells HiGHS to stop where the closure behind `data` says so.
unsafe extern "C" fn interrupt(
    _kind: c_int,
    _message: Text,
    _out: *const c_void,
    input: *mut CallbackIn,
    data: *mut c_void,
) {
    if input.is_null() || data.is_null() {
        return;
    }
    // SAFETY: `data` is what `run` passed, and lives while it runs; a panic in
    // the closure aborts at this boundary, as for any function of this kind.
    let stop: &&dyn Fn() -> bool = unsafe { &*data.cast() };
    if stop() {
        // SAFETY: HiGHS passes a valid struct, whose first field this is.
        unsafe { (*input).user_interrupt = 1 };
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Instant;

    use super::*;

    const WIDE: usize = 1000;

    /// A model of `columns` columns and one row of these entries.
    fn pass(
        session: &mut Session,
        columns: usize,
        index: &[i32],
        value: &[f64],
    ) -> Result<(), HighsError> {
        let (zeros, ones) = (vec![0.0; columns], vec![1.0; columns]);
        session.pass(&Matrix {
            maximize: false,
            offset: 0.0,
            cost: &ones,
            lower: &zeros,
            upper: &ones,
            row_lower: &[1.0],
            row_upper: &[1.0],
            starts: &[0],
            index,
            value,
            integrality: &[],
        })
    }

    fn session() -> Session {
        Session::new(Library::get().expect("`./dev setup` fetches HiGHS")).unwrap()
    }

    #[test]
    fn a_refused_model_leaves_none() {
        // HiGHS, not we, refuses a column that comes twice, and a huge value.
        for (index, value) in [([0, 0], [1.0, 1.0]), ([0, 1], [1e15, 1.0])] {
            let mut session = session();
            pass(&mut session, 3, &[0, 1], &[1.0, 1.0]).unwrap();
            let refused = pass(&mut session, WIDE, &index, &value);
            assert_eq!(refused, Err(HighsError::Refused("Highs_passModel")));
            // With the sizes of either model these would be out of bounds.
            assert!(session.set_point(&[0.0; 3]).is_err());
            assert!(session.set_point(&[0.0; WIDE]).is_err());
            assert_eq!(session.run(None, &|| false), Ok(Status::Empty));
            assert!(session.values().column.is_empty());
            assert!(session.dual_ray().is_none());
            // The session is as good as new.
            pass(&mut session, 3, &[0, 1], &[1.0, 1.0]).unwrap();
            assert_eq!(session.run(None, &|| false), Ok(Status::Optimal));
            assert_eq!(session.values().column.len(), 3);
        }
    }

    #[test]
    fn malformed_models_never_reach_highs() {
        let mut session = session();
        pass(&mut session, 3, &[0, 1], &[1.0, 1.0]).unwrap();
        let malformed: [(&[i32], &[f64]); 5] = [
            (&[0, 1], &[1.0]),
            (&[0, 3], &[1.0, 1.0]),
            (&[-1, 0], &[1.0, 1.0]),
            (&[0, 1], &[f64::NAN, 1.0]),
            (&[0, 1], &[f64::INFINITY, 1.0]),
        ];
        for (index, value) in malformed {
            let refused = pass(&mut session, 3, index, value);
            assert!(
                matches!(refused, Err(HighsError::Matrix(_))),
                "{index:?} {value:?}"
            );
        }
        // The model before them is still there.
        assert_eq!(session.run(None, &|| false), Ok(Status::Optimal));
    }

    /// Which of 30 numbers have half of the sum, four times at once: far beyond
    /// what these tests wait for.
    fn market_split(session: &mut Session, integers: bool) {
        const ROWS: usize = 4;
        const COLUMNS: usize = 30;
        let mut seed = 5_u64;
        let (mut starts, mut index, mut value) = (Vec::new(), Vec::new(), Vec::new());
        let mut halves = Vec::new();
        for row in 0..ROWS {
            starts.push(index.len() as i32);
            let mut sum = 0.0;
            for column in 0..COLUMNS {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                index.push(column as i32);
                value.push((seed % 100) as f64 + 1.0);
                sum += (seed % 100) as f64 + 1.0;
            }
            // What is missing and what is too much are to be least.
            for (side, sign) in [1.0, -1.0].into_iter().enumerate() {
                index.push((COLUMNS + 2 * row + side) as i32);
                value.push(sign);
            }
            halves.push((sum / 2.0_f64).floor());
        }
        let slacks = 2 * ROWS;
        session
            .pass(&Matrix {
                maximize: false,
                offset: 0.0,
                cost: &[vec![0.0; COLUMNS], vec![1.0; slacks]].concat(),
                lower: &[0.0; COLUMNS + 2 * ROWS],
                upper: &[vec![1.0; COLUMNS], vec![f64::INFINITY; slacks]].concat(),
                row_lower: &halves,
                row_upper: &halves,
                starts: &starts,
                index: &index,
                value: &value,
                integrality: &[vec![i32::from(integers); COLUMNS], vec![0; slacks]].concat(),
            })
            .unwrap();
    }

    #[test]
    fn every_run_has_the_whole_of_its_time() {
        let mut session = session();
        market_split(&mut session, true);
        let limit = Duration::from_millis(300);
        for _ in 0..2 {
            let begun = Instant::now();
            let status = session.run(Some(limit), &|| false);
            assert_eq!(status, Ok(Status::TimeLimit));
            let took = begun.elapsed();
            assert!(took > limit * 8 / 10, "{took:?}");
        }
        // Only problems without integers count the runs before as well.
        market_split(&mut session, false);
        session.set_text(c"presolve", c"off").unwrap();
        let status = session.run(Some(limit), &|| false);
        assert_eq!(status, Ok(Status::Optimal));
        // No time is not the same as no limit.
        session.forget();
        let status = session.run(Some(Duration::ZERO), &|| false);
        assert_eq!(status, Ok(Status::TimeLimit));
    }

    #[test]
    fn another_thread_interrupts_a_run() {
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let run = scope.spawn(|| {
                let mut session = session();
                market_split(&mut session, true);
                session.run(Some(Duration::from_secs(60)), &|| {
                    stop.load(Ordering::Relaxed)
                })
            });
            std::thread::sleep(Duration::from_millis(200));
            let asked = Instant::now();
            stop.store(true, Ordering::Relaxed);
            assert_eq!(run.join().unwrap(), Ok(Status::Interrupt));
            let took = asked.elapsed();
            // It would have gone on for a minute.
            assert!(took < Duration::from_secs(30), "{took:?}");
        });
    }
}
