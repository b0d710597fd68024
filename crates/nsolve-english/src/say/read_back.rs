//! Whether the reader reads a sentence as the formula that it is to say.

use nsolve_il::fol::Semantics;
use nsolve_source::{Severity, SourceText, Span};
use nsolve_syntax::fol::{Item, ItemKind, Style, elaborate};

use super::speak::Speaker;
use super::statement::{Bound, Statement, Symbols, Taker};
use crate::{Role, read};

impl Speaker<'_> {
    /// Reads a sentence by itself, and compares what it says.
    pub(super) fn is_read_as(&self, sentence: &str, statement: &Statement) -> bool {
        let read = self.read_back(sentence);
        read.is_some_and(|found| found.normal() == statement.normal())
    }

    /// What a sentence says, if it has one reading, in the symbols of the
    /// problem.
    fn read_back(&self, sentence: &str) -> Option<Statement> {
        let text = SourceText::new("said", sentence).ok()?;
        let reading = read(&text, Semantics::Classical);
        let [told] = reading.sentences.as_slice() else {
            return None;
        };
        let Role::Premise(name) = &told.role else {
            return None;
        };
        let is_clear = reading.alternatives.is_empty();
        let mut document = reading.document;
        document.items.push(Item {
            kind: ItemKind::AskModel,
            span: Span::new(0, 0),
        });
        let elaboration = elaborate(&document, &Style::NATIVE);
        let has_errors = |d: &nsolve_source::Diagnostic| d.severity == Severity::Error;
        if !is_clear || elaboration.diagnostics.iter().any(has_errors) {
            return None;
        }
        let problem = elaboration.problem?;
        let premise = problem.premises.iter().find(|p| *p.name == **name)?;
        let of = |symbol: &nsolve_il::fol::Symbol| {
            let meaning = symbol.meaning.as_deref()?;
            let key = (meaning.to_owned(), symbol.arity(), symbol.is_predicate());
            self.known.get(&key).copied()
        };
        let symbols = Symbols::matching(problem.signature.symbols().iter().map(of).collect());
        let taker = Taker {
            problem: &problem,
            symbols: &symbols,
            ground: None,
        };
        taker.statement(premise.formula, &Bound::default())
    }
}
