//! The fields of a line.

use nsolve_source::Span;

/// One field.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Field<'a> {
    pub(super) text: &'a str,
    pub(super) at: u32,
}

impl Field<'_> {
    pub(super) fn span(&self) -> Span {
        let start = self.at as usize;
        Span::new(start, start + self.text.len())
    }
}

/// How lines are cut into fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// At blanks.
    Free,
    /// At fixed columns, so that names may hold blanks.
    Fixed,
}

/// The most fields that a line has, and one more to notice a surplus.
const MOST: usize = 7;

/// A line of data.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Line<'a> {
    fields: [Field<'a>; MOST],
    count: usize,
}

/// Where fields are in fixed format: the kind, two names, a number, a name and
/// a number.
const COLUMNS: [(usize, usize); 6] = [(1, 3), (4, 12), (14, 22), (24, 36), (39, 47), (49, 61)];

impl<'a> Line<'a> {
    /// Cuts a line that starts at a byte of the text.
    pub(super) fn cut(text: &'a str, at: usize, layout: Layout) -> Line<'a> {
        match layout {
            Layout::Free => Line::free(text, at),
            Layout::Fixed => Line::fixed(text, at),
        }
    }

    fn free(text: &'a str, start: usize) -> Line<'a> {
        let bytes = text.as_bytes();
        let mut line = Line::default();
        let mut at = 0;
        loop {
            while bytes.get(at).is_some_and(|b| *b <= b' ') {
                at += 1;
            }
            let from = at;
            while bytes.get(at).is_some_and(|b| *b > b' ') {
                at += 1;
            }
            if from == at || line.count == MOST {
                return line;
            }
            line.push(text.get(from..at).unwrap_or(""), start + from);
        }
    }

    fn fixed(text: &'a str, start: usize) -> Line<'a> {
        let mut line = Line::default();
        let last = COLUMNS.len() - 1;
        for (i, (from, to)) in COLUMNS.into_iter().enumerate() {
            // A number may be longer than its field where nothing follows.
            let open_end = i == last || (i == 3 && text.len() <= 39);
            let to = if open_end {
                text.len()
            } else {
                to.min(text.len())
            };
            let Some(raw) = text.get(from..to) else { break };
            let field = raw.trim();
            if !field.is_empty() {
                let indent = raw.len() - raw.trim_start().len();
                line.push(field, start + from + indent);
            }
        }
        line
    }

    fn push(&mut self, text: &'a str, at: usize) {
        if let Some(field) = self.fields.get_mut(self.count) {
            *field = Field {
                text,
                at: at as u32,
            };
            self.count += 1;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// A field; an empty one where there is none.
    pub(super) fn get(&self, i: usize) -> Field<'a> {
        self.fields.get(i).copied().unwrap_or_default()
    }

    /// Leaves out everything from a field on.
    pub(super) fn truncate(&mut self, count: usize) {
        self.count = self.count.min(count);
    }

    /// Leaves out the first field.
    pub(super) fn drop_first(&mut self) {
        self.fields.rotate_left(1);
        self.count = self.count.saturating_sub(1);
    }

    pub(super) fn span(&self) -> Span {
        let last = self.count.saturating_sub(1);
        self.get(0).span().to(self.get(last).span())
    }
}
