//! Reads the atoms of clingo's models back.

use std::sync::Arc;

use nsolve_il::program::{GroundAtom, MAX_DEPTH, Row, Value};

use super::names::{PredicateNames, TwoWay};
use crate::FormatError;

/// A text for clingo, with the meaning of the names in it.
#[derive(Clone, Debug)]
pub struct AspText {
    /// The text.
    pub text: String,
    pub(super) predicates: PredicateNames,
    pub(super) words: TwoWay,
    pub(super) texts: TwoWay,
    pub(super) arities: Vec<u32>,
    /// The goal's variables that the atoms of instances have, by position;
    /// `None` where the text asks for models.
    pub(super) answered: Option<Vec<usize>>,
    /// How many variables the goal has.
    pub(super) variables: usize,
}

/// What an atom of a model says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AspAtom {
    /// An atom of the program.
    Atom(GroundAtom),
    /// An instance of the goal.
    Row(Row),
}

impl AspText {
    /// Reads an atom as clingo prints it.
    ///
    /// # Errors
    /// [`FormatError::Foreign`] where it is no atom, or one with a name or an
    /// integer that no model of this program can have.
    pub fn read(&self, printed: &str) -> Result<AspAtom, FormatError> {
        let mut reader = Reader {
            asp: self,
            text: printed,
            rest: printed,
        };
        let minus = reader.take('-');
        let name = reader.name();
        let (arguments, comma) = match reader.take('(') {
            true => reader.arguments(0)?,
            false => (Vec::new(), false),
        };
        if comma || !reader.rest.is_empty() {
            return Err(reader.foreign());
        }
        if let Some(answered) = &self.answered
            && !minus
            && name == &*self.predicates.free
            && arguments.len() == answered.len()
        {
            return Ok(AspAtom::Row(self.row(answered, arguments)));
        }
        let meant = self.predicates.meant(name, arguments.len(), minus);
        let predicate = meant.ok_or_else(|| reader.foreign())?;
        if self.arities.get(predicate.index()).copied() != Some(arguments.len() as u32) {
            return Err(reader.foreign());
        }
        Ok(AspAtom::Atom(GroundAtom {
            predicate,
            arguments: arguments.into(),
        }))
    }

    fn row(&self, answered: &[usize], arguments: Vec<Value>) -> Row {
        let mut binding = vec![None; self.variables];
        for (position, value) in answered.iter().zip(arguments) {
            if let Some(slot) = binding.get_mut(*position) {
                *slot = Some(value);
            }
        }
        Row { binding }
    }
}

struct Reader<'a> {
    asp: &'a AspText,
    text: &'a str,
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn foreign(&self) -> FormatError {
        // A long reply is not repeated.
        let text: String = self.text.chars().take(80).collect();
        FormatError::foreign(format!("atom `{text}`"))
    }

    fn take(&mut self, sign: char) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn cut(&mut self, length: usize) -> &'a str {
        let (head, rest) = self.rest.split_at_checked(length).unwrap_or(("", ""));
        self.rest = rest;
        head
    }

    /// Letters, digits and `_`; perhaps none.
    fn name(&mut self) -> &'a str {
        let ends = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
        let length = self.rest.find(ends).unwrap_or(self.rest.len());
        self.cut(length)
    }

    /// Arguments up to and with the closing bracket, and whether a comma stood
    /// before it.
    fn arguments(&mut self, depth: u32) -> Result<(Vec<Value>, bool), FormatError> {
        let mut out = Vec::new();
        loop {
            if self.take(')') {
                // `(a,)`, or no arguments at all, which is never written.
                let fine = out.len() == 1;
                return fine.then_some((out, true)).ok_or_else(|| self.foreign());
            }
            out.push(self.value(depth)?);
            if self.take(')') {
                return Ok((out, false));
            }
            if !self.take(',') {
                return Err(self.foreign());
            }
        }
    }

    fn value(&mut self, depth: u32) -> Result<Value, FormatError> {
        if depth > MAX_DEPTH {
            return Err(self.foreign());
        }
        if self.take('"') {
            return self.text_value();
        }
        if self.take('#') {
            return match self.name() {
                "inf" => Ok(Value::Infimum),
                "sup" => Ok(Value::Supremum),
                _ => Err(self.foreign()),
            };
        }
        if self
            .rest
            .starts_with(|c: char| c == '-' || c.is_ascii_digit())
        {
            return self.integer();
        }
        let name = self.name();
        if !self.take('(') {
            return Ok(Value::Constant(self.meant(name)?));
        }
        let (arguments, comma) = self.arguments(depth + 1)?;
        // A comma makes a tuple of one member, and nothing else does.
        if comma && !name.is_empty() || name.is_empty() && !comma && arguments.len() == 1 {
            return Err(self.foreign());
        }
        Ok(Value::Function(self.meant(name)?, arguments.into()))
    }

    fn meant(&self, name: &str) -> Result<Arc<str>, FormatError> {
        let meant = self.asp.words.meant(name);
        meant.cloned().ok_or_else(|| self.foreign())
    }

    fn integer(&mut self) -> Result<Value, FormatError> {
        let minus = usize::from(self.rest.starts_with('-'));
        let digits = self.rest.get(minus..).unwrap_or("");
        let length = digits
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(digits.len());
        let number = self.cut(minus + length).parse::<i32>();
        let number = number.map_err(|_| self.foreign())?;
        Ok(Value::Int(number.into()))
    }

    fn text_value(&mut self) -> Result<Value, FormatError> {
        let mut out = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((i, c)) = chars.next() {
            match c {
                '"' => {
                    self.cut(i + 1);
                    let meant = self.asp.texts.meant(&out);
                    return match meant {
                        Some(text) => Ok(Value::Text(text.clone())),
                        None => Err(self.foreign()),
                    };
                }
                '\\' => match chars.next() {
                    Some((_, 'n')) => out.push('\n'),
                    Some((_, c @ ('"' | '\\'))) => out.push(c),
                    _ => return Err(self.foreign()),
                },
                c => out.push(c),
            }
        }
        Err(self.foreign())
    }
}
