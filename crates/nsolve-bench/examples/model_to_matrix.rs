//! From the text of a model to the matrix inside HiGHS, for timing the whole
//! process: `model_to_matrix MODEL.mod`. Prints what was built.

use std::error::Error;
use std::time::Instant;

use nsolve::{Format, SourceText, read_model};
use nsolve_backend_milp::Highs;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args()
        .nth(1)
        .ok_or("usage: model_to_matrix FILE")?;
    let began = Instant::now();
    let text = SourceText::from_bytes(&path, &std::fs::read(&path)?)?;
    let reading = read_model(Format::Milp, &text, &[]);
    let problem = reading.problem.ok_or("the model has errors")?;
    let read = began.elapsed();
    Highs::hand_over(&problem)?;
    #[allow(clippy::print_stdout, reason = "this is a program")]
    {
        println!(
            "{} columns, {} rows, {} coefficients: read {:.1} ms, with hand-over {:.1} ms",
            problem.columns.len(),
            problem.rows.len(),
            problem.rows.nonzeros(),
            read.as_secs_f64() * 1e3,
            began.elapsed().as_secs_f64() * 1e3
        );
    }
    Ok(())
}
