//! Random problems, the same on every machine.

use nsolve_il::fol::{
    ArithmeticOp, Builder, CompareOp, Declared, Problem, Quantifier, Question, SortId, TermId,
};

/// A small generator of numbers, the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// Names that are trouble somewhere.
const NAMES: [&str; 16] = [
    "p", "likes", "Alice", "x", "X", "and", "it's", "naïve", "a b", "2008", "select", "U.S.", "$i",
    "", "\\|\"'", "猫",
];

/// A random problem. Without `rich` it has one sort and no numbers.
pub(crate) fn problem(seed: u64, rich: bool) -> Problem {
    let dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut random = Random {
        dice,
        b: Builder::new(),
        scope: Vec::new(),
        symbols: Vec::new(),
        rich,
    };
    random.declare();
    for i in 0..3 {
        let formula = random.formula(4);
        let sentence = (i == 1).then_some("Say \"it\\'s\"\nnaïve; % # ok.");
        let name = format!("p{i}");
        random
            .b
            .premise(&name, formula, sentence, None)
            .expect("a premise");
    }
    random.b.finish(Question::Model)
}

struct Random {
    dice: Dice,
    b: Builder,
    scope: Vec<TermId>,
    symbols: Vec<nsolve_il::fol::SymbolId>,
    rich: bool,
}

impl Random {
    fn declare(&mut self) {
        let mut sorts = Vec::new();
        let elements = [("red", Declared::Generated), ("Blue", Declared::Generated)];
        if self.rich {
            let colour = self.b.enumerated("Colour", &elements, Declared::Generated);
            sorts = vec![
                colour.expect("new"),
                SortId::INT,
                SortId::REAL,
                self.b.sort("Thing's", Declared::Generated).expect("new"),
            ];
        }
        sorts.push(self.b.default_sort());
        for &sort in &sorts {
            if !sort.is_numeric() {
                let name = format!("c{}", sort.0);
                let constant = self.b.constant(&name, sort).expect("new");
                self.symbols.push(constant);
            }
        }
        for _ in 0..10 {
            let name = NAMES[self.dice.roll(NAMES.len() as u64) as usize];
            let pick = |dice: &mut Dice| sorts[dice.roll(sorts.len() as u64) as usize];
            let arity = self.dice.roll(3);
            let arguments: Vec<_> = (0..arity).map(|_| pick(&mut self.dice)).collect();
            let result = match self.dice.roll(2) {
                0 => SortId::BOOL,
                _ => pick(&mut self.dice),
            };
            let symbol = self.b.symbol(name, &arguments, result, Declared::Generated);
            self.symbols.extend(symbol.ok());
        }
    }

    fn sort(&mut self) -> SortId {
        let count = self.b.signature().sorts().len() as u64;
        SortId(1 + self.dice.roll(count - 1) as u32)
    }

    /// A sort that has terms: all but numbers where the problem is plain.
    fn term_sort(&mut self) -> SortId {
        loop {
            let sort = self.sort();
            if self.rich || !sort.is_numeric() {
                return sort;
            }
        }
    }

    fn term(&mut self, sort: SortId, depth: u32) -> TermId {
        let bound: Vec<_> = self.scope.clone();
        let bound: Vec<_> = bound
            .into_iter()
            .filter(|&t| self.b.terms().sort(t) == sort)
            .collect();
        if !bound.is_empty() && self.dice.roll(2) == 0 {
            return bound[self.dice.roll(bound.len() as u64) as usize];
        }
        if sort.is_numeric() && (depth == 0 || self.dice.roll(2) == 0) {
            let below = if sort == SortId::REAL {
                1 + self.dice.roll(4)
            } else {
                1
            };
            let above = self.dice.roll(9) as i64 - 4;
            let value = nsolve_il::Rational::new(above.into(), (below as i64).into());
            return self.b.number(value, sort).expect("a number");
        }
        if sort.is_numeric() && self.dice.roll(2) == 0 {
            let ops = [
                ArithmeticOp::Add,
                ArithmeticOp::Subtract,
                ArithmeticOp::Multiply,
            ];
            let op = ops[self.dice.roll(3) as usize];
            let operands = vec![self.term(sort, depth - 1), self.term(sort, depth - 1)];
            return self.b.arithmetic(op, operands).expect("arithmetic");
        }
        let fits: Vec<_> = self
            .symbols
            .iter()
            .copied()
            .filter(|&s| {
                let symbol = self.b.signature().symbol(s);
                symbol.result == sort && (depth > 0 || symbol.arity() == 0)
            })
            .collect();
        if fits.is_empty() {
            return self.term(sort, 0);
        }
        let symbol = fits[self.dice.roll(fits.len() as u64) as usize];
        self.apply(symbol, depth)
    }

    fn apply(&mut self, symbol: nsolve_il::fol::SymbolId, depth: u32) -> TermId {
        let sorts = self.b.signature().symbol(symbol).arguments.clone();
        let depth = depth.saturating_sub(1);
        let arguments = sorts.iter().map(|&s| self.term(s, depth)).collect();
        self.b.apply(symbol, arguments).expect("well-sorted")
    }

    fn atom(&mut self) -> TermId {
        let predicates: Vec<_> = self
            .symbols
            .iter()
            .copied()
            .filter(|&s| self.b.signature().symbol(s).is_predicate())
            .collect();
        let sort = self.term_sort();
        match self.dice.roll(4) {
            0 | 1 if !predicates.is_empty() => {
                let symbol = predicates[self.dice.roll(predicates.len() as u64) as usize];
                self.apply(symbol, 2)
            }
            2 => {
                let terms = (0..3).map(|_| self.term(sort, 2)).collect();
                self.b.distinct(terms).expect("terms")
            }
            _ => {
                let (a, b) = (self.term(sort, 2), self.term(sort, 2));
                match sort.is_numeric() {
                    true => self.b.compare(CompareOp::LessEq, a, b).expect("numbers"),
                    false => self.b.equal(a, b).expect("terms"),
                }
            }
        }
    }

    fn formula(&mut self, depth: u32) -> TermId {
        if depth == 0 {
            return self.atom();
        }
        let choice = self.dice.roll(9);
        if choice >= 6 {
            let quantifier = match choice {
                6 => Quantifier::Forall,
                _ => Quantifier::Exists,
            };
            let names = ["x", "X", "red", "p", "é"];
            let count = 1 + self.dice.roll(2);
            let mut variables = Vec::new();
            for _ in 0..count {
                let name = names[self.dice.roll(5) as usize];
                let sort = self.term_sort();
                let variable = self.b.variable(name, sort);
                let term = self.b.var(variable);
                self.scope.push(term);
                variables.push(variable);
            }
            let body = self.formula(depth - 1);
            self.scope.truncate(self.scope.len() - count as usize);
            return self
                .b
                .quantified(quantifier, variables, body)
                .expect("a body");
        }
        let a = self.formula(depth - 1);
        let b = self.formula(depth - 1);
        let made = match choice {
            0 => self.b.not(a),
            1 => self.b.and(vec![a, b]),
            2 => self.b.or(vec![a, b]),
            3 => self.b.xor(a, b),
            4 => self.b.implies(a, b),
            _ => self.b.iff(a, b),
        };
        made.expect("formulas")
    }
}
