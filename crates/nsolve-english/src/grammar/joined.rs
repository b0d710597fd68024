//! Lists: `A and B`, `either A or B`, `neither A nor B`, `A, B or C`.

use super::{Joinable, MOST_PARSES, Parse, Parser, Parses};
use crate::lexicon::Tags;
use crate::text::Kind;
use crate::tree::Joint;

/// The longest list that is looked for.
const LONGEST: usize = 24;

/// What stands between two parts.
#[derive(Clone, Copy)]
struct Separator {
    joint: Option<Joint>,
    comma: bool,
    end: usize,
}

#[derive(Clone)]
struct Chain<T> {
    parts: Vec<T>,
    /// The separator in front of each part but the first.
    between: Vec<Separator>,
}

impl Parser<'_> {
    /// Single phrases of a kind and lists of them.
    pub(super) fn joined<T: Joinable + Clone>(
        &self,
        at: usize,
        single: &dyn Fn(usize) -> Parses<T>,
    ) -> Parses<T> {
        self.joined_by(at, single, Tags::AND | Tags::OR)
    }

    fn joined_by<T: Joinable + Clone>(
        &self,
        at: usize,
        single: &dyn Fn(usize) -> Parses<T>,
        between: Tags,
    ) -> Parses<T> {
        let mut out: Parses<T> = Vec::new();
        if self.tag(at, Tags::EITHER) {
            out = self.paired(at + 1, single, Tags::OR, Joint::Or);
        } else if self.tag(at, Tags::NEITHER) {
            out = self.paired(at + 1, single, Tags::NOR | Tags::OR, Joint::Nor);
        } else if self.tag(at, Tags::BOTH) {
            out = self.paired(at + 1, single, Tags::AND, Joint::And);
        }
        let mut chains: Parses<Chain<T>> = Vec::new();
        for first in single(at) {
            // Most phrases are no lists.
            if self.separator(first.end, between).is_none() {
                out.push(first);
                continue;
            }
            let chain = |part: T| Chain {
                parts: vec![part],
                between: Vec::new(),
            };
            chains.push(first.map(chain));
        }
        for _ in 0..LONGEST {
            let mut longer = Vec::new();
            for chain in chains {
                self.extend(&chain, single, between, &mut longer);
                out.extend(self.exclusive(&chain));
                out.extend(read(chain));
            }
            if longer.is_empty() {
                return out;
            }
            if longer.len() > MOST_PARSES {
                longer.sort_by_key(|c: &Parse<Chain<T>>| c.cost);
                longer.truncate(MOST_PARSES);
            }
            chains = longer;
        }
        out.extend(chains.into_iter().flat_map(read));
        out
    }

    /// `A or B but not both`
    fn exclusive<T: Joinable + Clone>(&self, chain: &Parse<Chain<T>>) -> Option<Parse<T>> {
        let is_or = |s: &Separator| s.joint == Some(Joint::Or);
        if chain.node.parts.len() != 2 || !chain.node.between.iter().all(is_or) {
            return None;
        }
        let end = self.not_both(chain.end)?;
        let node = T::join(Joint::Xor, chain.node.parts.clone());
        Some(Parse::new(node, end, chain.cost))
    }

    /// Where `but not both` ends.
    fn not_both(&self, end: usize) -> Option<usize> {
        let from = end + usize::from(self.mark(end, Kind::Comma));
        [&["but", "not", "both"][..], &["and", "not", "both"]]
            .iter()
            .find_map(|words| self.words(from, words).then_some(from + words.len()))
    }

    fn extend<T: Joinable + Clone>(
        &self,
        chain: &Parse<Chain<T>>,
        single: &dyn Fn(usize) -> Parses<T>,
        between: Tags,
        out: &mut Parses<Chain<T>>,
    ) {
        let Some(separator) = self.separator(chain.end, between) else {
            return;
        };
        // `A and either B or C`
        let nested = self.token(separator.end);
        let parts = match nested.is_some_and(|t| t.is(Tags::EITHER | Tags::NEITHER | Tags::BOTH)) {
            true => self.joined(separator.end, single),
            false => single(separator.end),
        };
        for part in parts {
            let mut longer = chain.node.clone();
            longer.parts.push(part.node);
            longer.between.push(separator);
            out.push(Parse::new(longer, part.end, chain.cost + part.cost));
        }
    }

    fn separator(&self, at: usize, between: Tags) -> Option<Separator> {
        let comma = self.mark(at, Kind::Comma);
        let at = if comma { at + 1 } else { at };
        let joint = if between.intersects(Tags::AND) && self.tag(at, Tags::AND) {
            Some(Joint::And)
        } else if between.intersects(Tags::OR) && self.tag(at, Tags::OR) {
            Some(Joint::Or)
        } else {
            None
        };
        let end = if joint.is_some() { at + 1 } else { at };
        // `A and then B`, `and also B`
        let end = match joint.is_some() && self.tag(end, Tags::FILLER | Tags::THEN) {
            true => end + 1,
            false => end,
        };
        (comma || joint.is_some()).then_some(Separator { joint, comma, end })
    }

    /// Behind `either`, `neither`, `both`.
    fn paired<T: Joinable + Clone>(
        &self,
        at: usize,
        single: &dyn Fn(usize) -> Parses<T>,
        between: Tags,
        joint: Joint,
    ) -> Parses<T> {
        let part = |at: usize| match self.token(at) {
            Some(t) if t.is(Tags::EITHER | Tags::NEITHER | Tags::BOTH) => self.joined(at, single),
            // `either A and B or C`, `neither A and B nor C`
            _ if joint != Joint::And => self.joined_by(at, single, Tags::AND),
            _ => single(at),
        };
        let mut out = Vec::new();
        let mut chains: Parses<Vec<T>> = part(at).into_iter().map(|p| p.map(|t| vec![t])).collect();
        for _ in 0..LONGEST {
            let mut longer = Vec::new();
            for chain in chains {
                let comma = self.mark(chain.end, Kind::Comma);
                let next = chain.end + usize::from(comma);
                let word = self.tag(next, between);
                if !word && !comma {
                    continue;
                }
                for more in part(next + usize::from(word)) {
                    let mut parts = chain.node.clone();
                    parts.push(more.node);
                    let cost = chain.cost + more.cost;
                    let parse = Parse::new(parts, more.end, cost);
                    if word {
                        out.push(parse.clone());
                    }
                    longer.push(parse);
                }
            }
            longer.truncate(MOST_PARSES);
            chains = longer;
            if chains.is_empty() {
                break;
            }
        }
        let told = |p: Parse<Vec<T>>| match self.not_both(p.end) {
            Some(end) if p.node.len() == 2 && joint == Joint::Or => {
                Parse::new(T::join(Joint::Xor, p.node), end, p.cost)
            }
            _ => p.map(|parts| T::join(joint, parts)),
        };
        out.into_iter().map(told).collect()
    }
}

/// What a list says: one reading, or two where `and` and `or` are mixed and no
/// comma says which binds closer.
fn read<T: Joinable + Clone>(chain: Parse<Chain<T>>) -> Parses<T> {
    let Parse { node, end, cost } = chain;
    let Chain { mut parts, between } = node;
    if parts.len() == 1 {
        return parts
            .pop()
            .map(|p| Parse::new(p, end, cost))
            .into_iter()
            .collect();
    }
    // A comma has the sense of the next word.
    let mut joints: Vec<(Joint, bool)> = Vec::new();
    let mut next = None;
    for separator in between.iter().rev() {
        next = separator.joint.or(next);
        let Some(joint) = next else {
            return Vec::new();
        };
        joints.push((joint, separator.comma && separator.joint.is_some()));
    }
    joints.reverse();
    let any = |joint: Joint| joints.iter().any(|(j, _)| *j == joint);
    if !any(Joint::And) || !any(Joint::Or) {
        let joint = joints.first().map_or(Joint::And, |j| j.0);
        let cost = cost + T::unlike(&parts);
        return vec![Parse::new(list(joint, parts), end, cost)];
    }
    let commas = |joint: Joint| joints.iter().any(|(j, comma)| *j == joint && *comma);
    let looser: &[Joint] = match (commas(Joint::And), commas(Joint::Or)) {
        (true, false) => &[Joint::And],
        (false, true) => &[Joint::Or],
        _ => &[Joint::Or, Joint::And],
    };
    let split = |loose: Joint| {
        let tight = match loose {
            Joint::Or => Joint::And,
            _ => Joint::Or,
        };
        let mut groups: Vec<Vec<T>> = vec![Vec::new()];
        for (at, part) in parts.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|i| joints.get(i));
            if before.is_some_and(|(j, _)| *j == loose) {
                groups.push(Vec::new());
            }
            if let Some(group) = groups.last_mut() {
                group.push(part.clone());
            }
        }
        let groups = groups.into_iter().map(|g| list(tight, g)).collect();
        Parse::new(list(loose, groups), end, cost)
    };
    looser.iter().map(|&loose| split(loose)).collect()
}

/// Parts joined by one word. `not A or B` denies both, `not A and B` the first.
fn list<T: Joinable + Clone>(joint: Joint, mut parts: Vec<T>) -> T {
    if parts.len() == 1
        && let Some(part) = parts.pop()
    {
        return part;
    }
    if joint == Joint::Or
        && let Some((first, rest)) = parts.split_first()
        && let Some(inside) = first.denied()
        && rest.iter().all(|p| p.denied().is_none())
    {
        let mut inner = vec![inside.clone()];
        inner.extend_from_slice(rest);
        return T::join(Joint::Or, inner).deny();
    }
    T::join(joint, parts)
}
