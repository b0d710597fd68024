use nsolve_source::{Code, Diagnostic, SourceText};
use nsolve_syntax::fol::{Document, Style, parse};

use crate::json::read_json;
use crate::smtlib::read_smtlib;
use crate::tptp::read_tptp;
use crate::{Format, read_folio, read_linc, read_logic_lm, read_nltk, read_prover9};

/// Every format's reader has this shape.
type Reader = fn(&SourceText) -> (Document, Vec<Diagnostic>);

/// Reads a text of any format of first-order logic: the items that can be read, how names that are
/// not declared are to be understood, and diagnostics about the rest.
pub fn read(format: Format, text: &SourceText) -> (Document, Style, Vec<Diagnostic>) {
    let (reader, style): (Reader, Style) = match format {
        Format::Fol => (parse, Style::NATIVE),
        Format::Json => (read_json, Style::NATIVE),
        Format::Nltk => (read_nltk, Style::RECORDED),
        Format::Linc => (read_linc, Style::RECORDED),
        Format::Folio => (read_folio, Style::RECORDED),
        Format::LogicLm => (read_logic_lm, Style::RECORDED),
        Format::Prover9 => (read_prover9, Style::RECORDED),
        Format::Tptp => (read_tptp, Style::STANDARD),
        Format::Smtlib => (read_smtlib, Style::STANDARD),
        Format::English => (refuse_english, Style::STANDARD),
        Format::Program | Format::Asp | Format::Prolog | Format::Datalog => {
            (refuse_program, Style::STANDARD)
        }
        Format::Milp | Format::Lp | Format::Mps => (refuse_model, Style::STANDARD),
    };
    let (document, diagnostics) = reader(text);
    (document, style, diagnostics)
}

/// The English reader stands above this crate, which it uses.
fn refuse_english(_: &SourceText) -> (Document, Vec<Diagnostic>) {
    let fault = Diagnostic::error(Code::UNSUPPORTED, "this is English, not a formal text");
    (Document::default(), vec![fault])
}

fn refuse_program(_: &SourceText) -> (Document, Vec<Diagnostic>) {
    let fault = Diagnostic::error(
        Code::UNSUPPORTED,
        "this is a logic program, not a problem of first-order logic",
    )
    .help("`nsolve translate FILE --to fol` writes it as one, where its meaning allows");
    (Document::default(), vec![fault])
}

fn refuse_model(_: &SourceText) -> (Document, Vec<Diagnostic>) {
    let fault = Diagnostic::error(
        Code::UNSUPPORTED,
        "this is an optimisation model, not a problem of first-order logic",
    );
    (Document::default(), vec![fault])
}
