//! Texts as sentences, sentences as tokens.

use nsolve_source::Span;

use crate::lexicon::{self, Tags};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word, perhaps with hyphens and digits in it.
    Word,
    /// A number in digits.
    Number,
    /// Words in quotation marks: a name, whatever it says.
    Quoted,
    /// `'s`, or `'` behind an `s`.
    Possessive,
    Comma,
    Semicolon,
    Colon,
    Open,
    Close,
    /// A dash between words.
    Dash,
    /// Anything else.
    Other,
}

/// A word or a mark, with what the lexicon knows of it.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
    /// In lower case; contracted forms are written out (`n't` is `not`).
    pub(crate) lower: String,
    /// As it stands.
    pub(crate) text: String,
    /// Whether the first letter is a capital.
    pub(crate) capital: bool,
    pub(crate) tags: Tags,
}

impl Token {
    pub(crate) fn is(&self, tag: Tags) -> bool {
        self.tags.intersects(tag)
    }

    /// A word of no closed class.
    pub(crate) fn is_open(&self) -> bool {
        self.kind == Kind::Word && self.tags.is_empty()
    }
}

/// How a sentence ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Stop,
    Question,
    /// A blank line, or the end of the text.
    None,
}

/// A sentence, its mark at the end left out.
#[derive(Clone, Debug)]
pub(crate) struct Sentence {
    pub(crate) tokens: Vec<Token>,
    pub(crate) span: Span,
    pub(crate) ending: Ending,
    /// The letter of an option.
    pub(crate) letter: Option<String>,
}

/// Splits a text into sentences. Behind front matter its question and options
/// stand after the story.
pub(crate) fn sentences(text: &str) -> Vec<Sentence> {
    let Some(front) = Front::of(text) else {
        return split(text, 0, text.len(), None);
    };
    let mut out = split(text, front.body, text.len(), None);
    for (key, from, to) in front.fields {
        let field = |letter| split(text, from, to, letter);
        match key.as_str() {
            "text" | "story" | "context" => {
                let mut first = field(None);
                first.append(&mut out);
                out = first;
            }
            "question" => out.extend(field(None).into_iter().map(|s| Sentence {
                ending: Ending::Question,
                ..s
            })),
            _ => out.extend(field(Some(key.to_uppercase()))),
        }
    }
    out
}

fn split(text: &str, from: usize, to: usize, letter: Option<String>) -> Vec<Sentence> {
    let mut splitter = Splitter {
        text: text.get(..to).unwrap_or(text),
        at: from,
        tokens: Vec::new(),
        out: Vec::new(),
        letter,
        fresh: true,
    };
    splitter.run();
    splitter.out
}

/// Lines of `key: value` between two lines of `---`, at the beginning.
struct Front {
    /// Key, and where the value begins and ends.
    fields: Vec<(String, usize, usize)>,
    body: usize,
}

impl Front {
    fn of(text: &str) -> Option<Front> {
        let mut at = 0;
        let mut fields = Vec::new();
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let (from, trimmed) = (at, line.trim());
            at += line.len();
            match (number, trimmed) {
                (0, "---") => {}
                (0, _) => return None,
                (_, "---") => return Some(Front { fields, body: at }),
                _ => {
                    let (key, value) = line.split_once(':')?;
                    let begins = from + key.len() + 1;
                    let key = key.trim().trim_start_matches("- ").to_lowercase();
                    if !value.trim().is_empty() {
                        fields.push((key, begins, from + line.trim_end().len()));
                    }
                }
            }
        }
        None
    }
}

struct Splitter<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    out: Vec<Sentence>,
    letter: Option<String>,
    /// Whether a line begins here.
    fresh: bool,
}

impl<'t> Splitter<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn run(&mut self) {
        loop {
            if self.fresh && self.option() {
                continue;
            }
            let Some(c) = self.rest().chars().next() else {
                break;
            };
            self.fresh = false;
            if c.is_whitespace() {
                self.space();
            } else if c.is_alphanumeric() {
                self.word();
            } else {
                self.mark(c);
            }
        }
        self.end(Ending::None);
    }

    /// White space; a blank line ends a sentence.
    fn space(&mut self) {
        let rest = self.rest();
        let blank: &str = rest
            .split_at(
                rest.find(|c: char| !c.is_whitespace())
                    .unwrap_or(rest.len()),
            )
            .0;
        let lines = blank.matches('\n').count();
        self.at += blank.len();
        self.fresh = lines > 0;
        if lines > 1 {
            self.end(Ending::None);
        }
    }

    /// `A)`, `(A)` or `A.` at the beginning of a line.
    fn option(&mut self) -> bool {
        let rest = self.rest();
        let inside = rest.strip_prefix('(').unwrap_or(rest);
        let mut chars = inside.chars();
        let (Some(letter), Some(mark)) = (chars.next(), chars.next()) else {
            return false;
        };
        let bracketed = inside.len() < rest.len();
        let marked = mark == ')' || (!bracketed && mark == '.');
        if !letter.is_ascii_uppercase() || !marked || !chars.as_str().starts_with([' ', '\t']) {
            return false;
        }
        self.end(Ending::None);
        self.at += rest.len() - chars.as_str().len();
        self.letter = Some(letter.to_string());
        self.fresh = false;
        true
    }

    fn push(&mut self, kind: Kind, length: usize) {
        let from = self.at;
        self.at += length;
        let text = self.text.get(from..self.at).unwrap_or("").to_owned();
        self.push_as(kind, Span::new(from, self.at), text);
    }

    fn push_as(&mut self, kind: Kind, span: Span, text: String) {
        let lower = text.to_lowercase();
        // `US` is no pronoun.
        let is_abbreviation = text.len() > 1 && matches!(text.as_str(), "US" | "IT" | "WHO");
        let tags = match kind {
            Kind::Word if is_abbreviation => Tags::empty(),
            Kind::Word => lexicon::tags(&lower),
            _ => Tags::empty(),
        };
        self.tokens.push(Token {
            kind,
            span,
            capital: text.chars().next().is_some_and(char::is_uppercase),
            lower,
            text,
            tags,
        });
    }

    fn word(&mut self) {
        let rest = self.rest();
        let mut length = 0;
        let mut chars = rest.char_indices().peekable();
        let is_number = rest.starts_with(|c: char| c.is_ascii_digit());
        let mut digits_only = is_number;
        while let Some((i, c)) = chars.next() {
            let next = chars.peek().map(|(_, c)| *c);
            let joins = match c {
                '-' | '\u{2010}' | '\u{2011}' => next.is_some_and(char::is_alphanumeric),
                '\'' | '\u{2019}' => next.is_some_and(char::is_alphabetic),
                '/' | '&' => next.is_some_and(char::is_alphabetic),
                '.' | ',' => digits_only && next.is_some_and(|c| c.is_ascii_digit()),
                '%' => false,
                _ => c.is_alphanumeric(),
            };
            if !joins {
                break;
            }
            digits_only &= c.is_ascii_digit() || matches!(c, '.' | ',');
            length = i + c.len_utf8();
        }
        let word = rest.get(..length).unwrap_or("").to_owned();
        if digits_only {
            self.push(Kind::Number, length);
            return;
        }
        self.contracted(&word);
    }

    /// Pushes a word, written out if it is a contraction, and split at the
    /// hyphen behind an ordinal (`second-newest`).
    fn contracted(&mut self, word: &str) {
        let span = Span::new(self.at, self.at + word.len());
        let plain = word.replace('\u{2019}', "'");
        let lower = plain.to_lowercase();
        let starts = |n: usize| plain.get(..n).unwrap_or("").to_owned();
        let parts: Option<Vec<String>> = match lower.as_str() {
            "cannot" => Some(vec![starts(3), "not".into()]),
            "can't" => Some(vec![starts(3), "not".into()]),
            "won't" => Some(vec!["will".into(), "not".into()]),
            "shan't" => Some(vec!["shall".into(), "not".into()]),
            "it's" | "he's" | "she's" | "that's" | "who's" | "there's" | "what's" => {
                Some(vec![starts(lower.len() - 2), "is".into()])
            }
            "they're" | "we're" | "you're" => Some(vec![starts(lower.len() - 3), "are".into()]),
            _ => lower
                .strip_suffix("n't")
                .map(|stem| vec![starts(stem.len()), "not".into()]),
        };
        if let Some(parts) = parts {
            self.at = span.end as usize;
            for part in parts {
                self.push_as(Kind::Word, span, part);
            }
            return;
        }
        if let Some(owner) = lower.strip_suffix("'s") {
            let length = owner.len();
            self.push(Kind::Word, length.min(word.len()));
            let rest = word.len() - length.min(word.len());
            self.push(Kind::Possessive, rest);
            return;
        }
        if let Some((first, _)) = lower.split_once('-')
            && lexicon::ordinal(first).is_some()
        {
            for part in plain.split('-') {
                self.push_as(Kind::Word, span, part.to_owned());
            }
            self.at = span.end as usize;
            return;
        }
        self.push(Kind::Word, word.len());
        if lower.ends_with('s') && self.rest().starts_with(['\'', '\u{2019}']) {
            let mark = self.rest().chars().next().map_or(1, char::len_utf8);
            self.push(Kind::Possessive, mark);
        }
    }

    fn mark(&mut self, c: char) {
        let length = c.len_utf8();
        match c {
            '.' | '?' | '!' | '\u{2026}' => self.stop(c),
            ',' => self.push(Kind::Comma, length),
            ';' => self.push(Kind::Semicolon, length),
            ':' => self.push(Kind::Colon, length),
            '(' | '[' => self.push(Kind::Open, length),
            ')' | ']' => self.push(Kind::Close, length),
            '\u{2013}' | '\u{2014}' | '-' => self.push(Kind::Dash, length),
            '"' | '\u{201C}' | '\u{201D}' | '\'' | '\u{2018}' | '\u{2019}' => self.quoted(c),
            '$' | '\u{20AC}' | '\u{A3}' if self.beside_digit(length) => self.at += length,
            _ => self.push(Kind::Other, length),
        }
    }

    /// Whether a sign of money stands before or behind a number; then the
    /// number is an amount of it.
    fn beside_digit(&self, length: usize) -> bool {
        let after = self.rest().get(length..).unwrap_or("");
        let number = self.tokens.last().filter(|t| t.kind == Kind::Number);
        after.starts_with(|c: char| c.is_ascii_digit())
            || number.is_some_and(|t| t.span.end as usize == self.at)
    }

    /// A name in quotation marks, if they are closed in the same paragraph.
    fn quoted(&mut self, opening: char) {
        let closing: &[char] = match opening {
            '"' | '\u{201C}' | '\u{201D}' => &['"', '\u{201D}'],
            _ => &['\'', '\u{2019}'],
        };
        let inside = self.rest().get(opening.len_utf8()..).unwrap_or("");
        let near: String = inside.chars().take(200).collect();
        let Some(end) = near.find(closing).filter(|&e| e > 0) else {
            self.push(Kind::Other, opening.len_utf8());
            return;
        };
        let name = near.get(..end).unwrap_or("").trim_end_matches([',', '.']);
        let close = near
            .get(end..)
            .and_then(|r| r.chars().next())
            .map_or(1, char::len_utf8);
        let whole = opening.len_utf8() + end + close;
        let span = Span::new(self.at, self.at + whole);
        let is_single = name.split_whitespace().count() == 1;
        // A word of the text that is put in quotation marks is still a word.
        let name = name.to_owned();
        self.at += whole;
        if is_single && !name.chars().next().is_some_and(char::is_uppercase) {
            self.push_as(Kind::Word, span, name);
        } else {
            self.push_as(Kind::Quoted, span, name);
        }
    }

    fn stop(&mut self, c: char) {
        if c == '.' && self.is_abbreviation() {
            self.at += 1;
            return;
        }
        let mut question = false;
        while let Some(next) = self.rest().chars().next() {
            match next {
                '?' => question = true,
                '.' | '!' | '\u{2026}' => {}
                _ => break,
            }
            self.at += next.len_utf8();
        }
        self.end(if question {
            Ending::Question
        } else {
            Ending::Stop
        });
    }

    fn is_abbreviation(&self) -> bool {
        let Some(last) = self.tokens.last().filter(|t| t.kind == Kind::Word) else {
            return false;
        };
        let after = self.rest().get(1..).unwrap_or("");
        let next = after.trim_start().chars().next();
        if last.span.end as usize != self.at {
            return false;
        }
        let listed = [
            "mr", "mrs", "ms", "dr", "st", "prof", "jr", "sr", "vs", "etc",
        ];
        if after.starts_with(char::is_alphabetic) {
            return true;
        }
        let is_letter = last.text.chars().count() == 1 && !last.capital;
        if is_letter && !matches!(last.lower.as_str(), "a" | "i") {
            return true;
        }
        if last.lower == "no" {
            return next.is_some_and(|c| c.is_ascii_digit());
        }
        if listed.contains(&last.lower.as_str()) {
            return next.is_some_and(|c| c.is_alphanumeric());
        }
        // An initial stands before a name and behind one, or begins the sentence.
        let initial = last.text.chars().count() == 1 && last.capital;
        let behind_name = match self.tokens.len() {
            1 => true,
            n => self.tokens.get(n - 2).is_some_and(|t| t.capital),
        };
        let is_variable = ["U", "V", "W", "X", "Y", "Z"].contains(&last.text.as_str());
        initial && behind_name && !is_variable && next.is_some_and(char::is_uppercase)
    }

    fn end(&mut self, ending: Ending) {
        let tokens = std::mem::take(&mut self.tokens);
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            return;
        };
        let span = Span::new(first.span.start as usize, last.span.end as usize);
        self.out.push(Sentence {
            span,
            tokens,
            ending,
            letter: self.letter.take(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<String> {
        let words = |s: &Sentence| {
            let words: Vec<&str> = s.tokens.iter().map(|t| t.lower.as_str()).collect();
            words.join(" ")
        };
        sentences(text).iter().map(words).collect()
    }

    #[test]
    fn marks_and_blank_lines_end_sentences() {
        assert_eq!(
            split("Tom is a cat. Is he?\n\nA title\n\nMr. Smith isn't second-to-last."),
            [
                "tom is a cat",
                "is he",
                "a title",
                "mr smith is not second to last"
            ]
        );
    }

    #[test]
    fn options_and_possessives() {
        let found = sentences("Which?\nA) Tom's dog.\n(B) The dogs' owner.");
        let letters: Vec<_> = found.iter().map(|s| s.letter.as_deref()).collect();
        assert_eq!(letters, [None, Some("A"), Some("B")]);
        assert_eq!(found[1].tokens[1].kind, Kind::Possessive);
        assert_eq!(found[2].tokens[2].kind, Kind::Possessive);
    }

    #[test]
    fn numbers_and_names() {
        let found = sentences("\"Stranger Things\" has 1,000.5 fans, e.g. Ann J. Smith.");
        let kinds: Vec<_> = found[0].tokens.iter().map(|t| t.kind).collect();
        assert_eq!(kinds[0], Kind::Quoted);
        assert_eq!(kinds[2], Kind::Number);
        assert_eq!(found.len(), 1);
    }
}
