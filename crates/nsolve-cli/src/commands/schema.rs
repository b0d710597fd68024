use std::process::ExitCode;

use crate::cli::{SchemaArgs, SchemaName};
use crate::failure::Failure;
use crate::output::Console;

pub(crate) fn schema(args: &SchemaArgs, console: &Console) -> Result<ExitCode, Failure> {
    console.out(match args.name {
        SchemaName::Answer => include_str!("../../schemas/answer.schema.json"),
        SchemaName::Problem => include_str!("../../schemas/problem.schema.json"),
        SchemaName::Bench => include_str!("../../schemas/bench.schema.json"),
    })?;
    Ok(ExitCode::SUCCESS)
}
