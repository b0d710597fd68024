//! Reads a story from standard input and prints it as formulas.

use std::io::Read as _;

use nsolve_il::fol::Semantics;
use nsolve_source::{SourceText, Span};
use nsolve_syntax::fol::{Item, ItemKind, Style, elaborate, print};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let text = SourceText::new("story", &text).map_err(|d| d.to_string())?;
    let reading = nsolve_english::read(&text, Semantics::Classical);
    for diagnostic in &reading.diagnostics {
        println!("{diagnostic}");
    }
    let mut document = reading.document;
    let asks = |item: &Item| {
        !matches!(
            item.kind,
            ItemKind::Premise(_) | ItemKind::Declaration(_) | ItemKind::Semantics(_)
        )
    };
    if !document.items.iter().any(asks) {
        document.items.push(Item {
            kind: ItemKind::AskModel,
            span: Span::new(0, 0),
        });
    }
    let elaboration = elaborate(&document, &Style::NATIVE);
    for diagnostic in &elaboration.diagnostics {
        println!("{diagnostic}");
    }
    if let Some(problem) = elaboration.problem {
        println!("{}", print(&problem));
    }
    for alternative in &reading.alternatives {
        println!("another reading of `{}`: {:?}", text.slice(alternative.span), alternative.formula);
    }
    Ok(())
}
