//! Directives of the native language.

use std::sync::Arc;

use nsolve_il::program::Meaning;
use nsolve_source::{Code, Diagnostic, Span};

use super::ast::{StatementKind, TermKind};
use super::lexer::Token;
use super::parser::{Parsed, Parser};

impl Parser<'_> {
    pub(super) fn directive(&mut self) -> Parsed<Option<StatementKind>> {
        let span = self.bump();
        let word = self.slice(span).to_owned();
        let kind = match word.as_str() {
            "#const" => self.constant()?,
            "#type" => self.type_declaration()?,
            "#predicate" => self.predicate_declaration()?,
            "#depth" => StatementKind::Depth(self.small_number()?),
            "#semantics" => self.semantics()?,
            "#unsafe" => StatementKind::Unsafe,
            "#show" => self.show()?,
            "#minimize" => self.optimize(false)?,
            "#maximize" => self.optimize(true)?,
            "#minimise" | "#maximise" => {
                self.spelling(
                    span,
                    if word == "#minimise" {
                        "#minimize"
                    } else {
                        "#maximize"
                    },
                );
                self.optimize(word == "#maximise")?
            }
            "#defined" => {
                let (name, arity, _) = self.signature()?;
                let said = "`#defined` says nothing here and is passed over";
                let note = Diagnostic::note(Code::DIRECTIVE_PASSED, said).at(span);
                self.remark(note);
                StatementKind::Defined(vec![(name, arity)])
            }
            "#program" if self.peek_is_word("base") => {
                self.bump();
                let said = "`#program base` says nothing here and is passed over";
                self.remark(Diagnostic::note(Code::DIRECTIVE_PASSED, said).at(span));
                return Ok(None);
            }
            _ => return Err(Box::new(self.unknown_directive(span, &word))),
        };
        Ok(Some(kind))
    }

    fn unknown_directive(&self, span: Span, word: &str) -> Diagnostic {
        let forbidden = |said: &str| {
            Diagnostic::error(Code::PROGRAM_FORBIDDEN, said)
                .at(span)
                .help("write what it makes as facts and rules")
        };
        match word {
            "#script" => forbidden("scripts are never executed"),
            "#include" => forbidden("no other file is read")
                .help("give the files' texts together: `cat a.asp b.asp`"),
            "#external" => self
                .unsupported(span, "`#external` needs a controlling program")
                .help("write `{ p(X) : q(X) }.` to leave the atoms open, or give them as facts"),
            "#theory" => self
                .unsupported(span, "theory atoms are not known")
                .help("say it with arithmetic and aggregates"),
            "#program" => self
                .unsupported(span, "a program has no parts besides `base`")
                .help("leave the directive out, and write steps as arguments: `holds(F, T+1)`"),
            "#heuristic" | "#edge" | "#project" => self
                .unsupported(
                    span,
                    format!("`{word}` guides clasp's search and is not known"),
                )
                .help("leave it out"),
            _ => {
                const KNOWN: [&str; 9] = [
                    "#const",
                    "#type",
                    "#predicate",
                    "#depth",
                    "#semantics",
                    "#unsafe",
                    "#show",
                    "#minimize",
                    "#maximize",
                ];
                let near = KNOWN.iter().find(|k| crate::fol::similar(k, word));
                let fault = Diagnostic::error(
                    Code::PROGRAM_UNEXPECTED,
                    format!("`{word}` is no directive"),
                )
                .at(span)
                .expecting(KNOWN.iter().map(|k| format!("`{k}`")));
                match near {
                    Some(near) => fault.help(format!("write `{near}`")).suggest(span, *near),
                    None => fault,
                }
            }
        }
    }

    pub(super) fn plain_name(&mut self, what: &str) -> Parsed<Arc<str>> {
        let token = self.peek();
        if !matches!(token, Token::Name | Token::Quoted) {
            return Err(self.unexpected(&[what]));
        }
        let span = self.bump();
        self.name_of(token, span)
    }

    fn small_number(&mut self) -> Parsed<i64> {
        if self.peek() != Token::Number {
            return Err(self.unexpected(&["a number"]));
        }
        let span = self.bump();
        self.integer(span, false)
    }

    fn constant(&mut self) -> Parsed<StatementKind> {
        let name = self.plain_name("a name")?;
        self.expect(Token::Equal, "=")?;
        let value = self.term()?;
        // gringo's `[default]` and `[override]`.
        if self.eat(Token::OpenList) {
            self.plain_name("`default`")?;
            self.expect(Token::CloseList, "]")?;
        }
        Ok(StatementKind::Const(name, value))
    }

    fn type_declaration(&mut self) -> Parsed<StatementKind> {
        let name = self.plain_name("a type's name")?;
        self.expect(Token::Equal, "=")?;
        let mut values = vec![self.term()?];
        while self.eat(Token::Bar) || self.eat(Token::Semicolon) || self.eat(Token::Comma) {
            values.push(self.term()?);
        }
        Ok(StatementKind::Type(name, values))
    }

    fn predicate_declaration(&mut self) -> Parsed<StatementKind> {
        let denied = self.eat(Token::Minus);
        let name = self.plain_name("a predicate's name")?;
        let mut types = Vec::new();
        if self.eat(Token::Open) {
            while self.peek() != Token::Close {
                let span = self.span();
                types.push((self.plain_name("a type's name")?, span));
                if !self.eat(Token::Comma) {
                    break;
                }
            }
            self.expect(Token::Close, ")")?;
        }
        let meaning = match self.peek() {
            Token::Text => {
                let span = self.bump();
                Some(self.text_of(span))
            }
            _ => None,
        };
        Ok(StatementKind::Predicate {
            name,
            denied,
            types,
            meaning,
        })
    }

    fn semantics(&mut self) -> Parsed<StatementKind> {
        let meaning = match self.slice(self.span()) {
            "open" => Meaning::OpenWorld,
            "stable" => Meaning::StableModels,
            _ => return Err(self.unexpected(&["`open`", "`stable`"])),
        };
        self.bump();
        Ok(StatementKind::Semantics(meaning))
    }

    /// `-p/2`
    pub(super) fn signature(&mut self) -> Parsed<(Arc<str>, usize, bool)> {
        let denied = self.eat(Token::Minus);
        let name = self.plain_name("a predicate's name")?;
        self.expect(Token::Slash, "/")?;
        let arity = self.small_number()?;
        Ok((name, usize::try_from(arity).unwrap_or(usize::MAX), denied))
    }

    fn show(&mut self) -> Parsed<StatementKind> {
        if self.peek() == Token::Dot {
            return Ok(StatementKind::Show(None));
        }
        let start = self.at;
        let sign = usize::from(self.peek() == Token::Minus);
        if self.peek_at(sign + 1) == Token::Slash {
            return Ok(StatementKind::Show(Some(self.signature()?)));
        }
        let term = self.term()?;
        let span = self.span_since(start);
        let fault = self.unsupported(span, "terms are not shown, only predicates are");
        Err(Box::new(match &term.kind {
            TermKind::Name(name) if self.peek() == Token::Dot => {
                let shown = format!("{name}/0");
                fault
                    .help(format!("write `#show {shown}.`"))
                    .suggest(span, shown)
            }
            TermKind::Function(name, terms) if self.peek() == Token::Dot => {
                let shown = format!("{name}/{}", terms.len());
                fault
                    .help(format!("write `#show {shown}.`"))
                    .suggest(span, shown)
            }
            _ => fault.help("derive a predicate by a rule and write `#show p/1.`"),
        }))
    }

    fn optimize(&mut self, maximize: bool) -> Parsed<StatementKind> {
        self.expect(Token::OpenSet, "{")?;
        let mut out = Vec::new();
        while self.peek() != Token::CloseSet {
            let cost = self.cost()?;
            out.push((cost, self.condition()?));
            if !self.eat(Token::Semicolon) {
                break;
            }
        }
        self.expect(Token::CloseSet, "}")?;
        Ok(StatementKind::Optimize(maximize, out))
    }
}
