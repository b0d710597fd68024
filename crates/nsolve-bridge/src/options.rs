use nsolve_il::fol::{Problem, Question};

use crate::copy::{Copier, Plain};

/// A problem with lettered options as one problem an option, each with the
/// option as its conclusion: for formats that know conclusions only. Any other
/// problem has no options.
pub fn split_options(problem: &Problem) -> Vec<(String, Problem)> {
    let Question::Options { choices, .. } = &problem.question else {
        return Vec::new();
    };
    let split = choices.iter().filter_map(|choice| {
        let mut one = problem.clone();
        one.question = Question::Conclusion(choice.statement.clone());
        // The copy leaves out the terms of the other options.
        let mut copy = Copier::new(&one);
        copy.declare_all().ok()?;
        Some((choice.label.to_string(), copy.finish(&mut Plain).ok()?))
    });
    split.collect()
}
