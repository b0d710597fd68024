//! Values from text: the inverse of their `Display`, for versioned JSON.

use std::str::FromStr;
use std::sync::Arc;

use super::value::{CONS, NIL};
use super::{MAX_DEPTH, Value};

/// Why a text is no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no value: {why} at byte {at}")]
pub struct NoValue {
    text: String,
    why: &'static str,
    at: usize,
}

impl FromStr for Value {
    type Err = NoValue;

    /// Reads what `Display` writes.
    ///
    /// # Errors
    /// Where the text is no ground term, or one deeper than
    /// [`MAX_DEPTH`](super::MAX_DEPTH).
    ///
    /// ```
    /// use nsolve_il::program::Value;
    /// for text in ["-3", "tom", "'Tom'", "\"a b\"", "f(a,[1,2|x])", "(1,2)", "#inf", "[]"] {
    ///     assert_eq!(text.parse::<Value>()?.to_string(), text);
    /// }
    /// # Ok::<(), nsolve_il::program::NoValue>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, NoValue> {
        let mut reader = Reader { text, at: 0 };
        let found = reader.value(0).and_then(|value| {
            if reader.at == text.len() {
                Ok(value)
            } else {
                Err("something stands behind it")
            }
        });
        found.map_err(|why| NoValue {
            text: text.chars().take(60).collect(),
            why,
            at: reader.at,
        })
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

type Read<T> = Result<T, &'static str>;

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.next();
        }
        found
    }

    fn while_is(&mut self, wanted: impl Fn(char) -> bool) -> &str {
        let start = self.at;
        while self.peek().is_some_and(&wanted) {
            self.next();
        }
        self.text.get(start..self.at).unwrap_or("")
    }

    fn value(&mut self, depth: u32) -> Read<Value> {
        if depth > MAX_DEPTH {
            return Err("it is nested too deep");
        }
        match self.peek() {
            Some('#') => self.extreme(),
            Some('"') => Ok(Value::Text(self.quoted('"')?.into())),
            Some('(') => self.tuple(depth),
            Some('[') => self.list(depth),
            Some(c) if c == '-' || c.is_ascii_digit() => self.number(),
            Some('\'') => {
                let name = self.quoted('\'')?;
                self.named(name.into(), depth)
            }
            Some(c) if c.is_ascii_lowercase() || c == '_' => {
                let name = self.while_is(|c| c.is_ascii_alphanumeric() || c == '_');
                let name = name.into();
                self.named(name, depth)
            }
            _ => Err("no term starts here"),
        }
    }

    fn number(&mut self) -> Read<Value> {
        let start = self.at;
        self.eat('-');
        self.while_is(|c| c.is_ascii_digit());
        let digits = self.text.get(start..self.at).unwrap_or("");
        digits
            .parse()
            .map(Value::Int)
            .map_err(|_| "it is no 64-bit integer")
    }

    fn extreme(&mut self) -> Read<Value> {
        match self.while_is(|c| c == '#' || c.is_ascii_lowercase()) {
            "#inf" => Ok(Value::Infimum),
            "#sup" => Ok(Value::Supremum),
            _ => Err("only #inf and #sup start so"),
        }
    }

    fn quoted(&mut self, quote: char) -> Read<String> {
        self.next();
        let mut out = String::new();
        loop {
            match self.next() {
                None => return Err("the quote does not end"),
                Some(c) if c == quote => return Ok(out),
                Some('\\') => match self.next() {
                    Some('n') => out.push('\n'),
                    Some(c) => out.push(c),
                    None => return Err("the quote does not end"),
                },
                Some(c) => out.push(c),
            }
        }
    }

    /// A constant or a function, whose name has been read.
    fn named(&mut self, name: Arc<str>, depth: u32) -> Read<Value> {
        if !self.eat('(') {
            return Ok(Value::Constant(name));
        }
        let (args, _) = self.arguments(')', depth)?;
        Ok(Value::Function(name, args.into()))
    }

    fn tuple(&mut self, depth: u32) -> Read<Value> {
        self.next();
        let (args, trailing) = self.arguments(')', depth)?;
        if args.len() == 1 && !trailing {
            return Err("a tuple of one ends in `,)`");
        }
        Ok(Value::Function("".into(), args.into()))
    }

    /// Arguments up to the closing bracket, and whether a comma stood before it.
    fn arguments(&mut self, close: char, depth: u32) -> Read<(Vec<Value>, bool)> {
        let mut out = Vec::new();
        if self.eat(close) {
            return Ok((out, false));
        }
        loop {
            out.push(self.value(depth + 1)?);
            if self.eat(',') {
                if self.eat(close) {
                    return Ok((out, true));
                }
            } else if self.eat(close) {
                return Ok((out, false));
            } else {
                return Err("`,` or a closing bracket belongs here");
            }
        }
    }

    fn list(&mut self, depth: u32) -> Read<Value> {
        self.next();
        let nil = || Value::Constant(NIL.into());
        if self.eat(']') {
            return Ok(nil());
        }
        let mut members = Vec::new();
        let mut out = loop {
            members.push(self.value(depth + 1)?);
            if members.len() as u64 + u64::from(depth) > u64::from(MAX_DEPTH) {
                return Err("it is nested too deep");
            }
            match self.next() {
                Some(',') => {}
                Some(']') => break nil(),
                Some('|') => {
                    let tail = self.value(depth + 1)?;
                    if !self.eat(']') {
                        return Err("`]` belongs here");
                    }
                    break tail;
                }
                _ => return Err("`,`, `|` or `]` belongs here"),
            }
        };
        for member in members.into_iter().rev() {
            out = Value::Function(CONS.into(), [member, out].into());
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_value_is_refused() {
        for text in [
            "",
            "X",
            "f(",
            "f(a",
            "[a",
            "[a|b",
            "\"a",
            "(1)",
            "a b",
            "99999999999999999999",
        ] {
            assert!(text.parse::<Value>().is_err(), "{text}");
        }
        let deep = format!("{}a{}", "f(".repeat(100_000), ")".repeat(100_000));
        assert!(deep.parse::<Value>().is_err());
        let long = format!("[{}a]", "a,".repeat(100_000));
        assert!(long.parse::<Value>().is_err());
    }

    #[test]
    fn what_is_written_is_read() {
        for text in [
            "f(-1,'Tom Smith',\"x\\\"y\\n\")",
            "[[a],[]|b]",
            "(1,)",
            "()",
            "'it\\'s'",
            "#sup",
        ] {
            let value: Value = text.parse().expect(text);
            assert_eq!(value.to_string(), text);
        }
    }
}
