//! Declared sorts and symbols.

use nsolve_il::fol::{Builder, Declared, SortError, SortId};
use nsolve_source::{Code, Diagnostic, Span};

use super::{MOST_EXPECTED, Resolver, SymbolEntry};
use crate::fol::elaborate::sorts::{Known, SortVar, Sorts};
use crate::fol::{Declaration, Document, Ident, ItemKind, SortSpec, similar};

/// How many sorts are looked at for a near miss.
const MOST_COMPARED: usize = 100;

impl Resolver<'_> {
    pub(super) fn declare(&mut self, document: &Document) {
        let declarations = || {
            document.items.iter().filter_map(|item| match &item.kind {
                ItemKind::Declaration(d) => Some((d, item.span)),
                _ => None,
            })
        };
        for (declaration, span) in declarations() {
            if let Declaration::Sort { name, elements } = declaration {
                self.declare_sort(name, elements.as_deref(), span);
            }
        }
        for (declaration, span) in declarations() {
            if let Declaration::Symbol {
                name,
                arguments,
                result,
                meaning,
            } = declaration
            {
                self.declare_symbol(name, arguments, result.as_ref(), meaning.clone(), span);
            }
        }
    }

    fn declare_sort(&mut self, name: &Ident, elements: Option<&[Ident]>, span: Span) {
        let declared = Declared::At(span);
        let made = match elements {
            None => self.out.builder.sort(&name.name, declared),
            Some(elements) => {
                let named: Vec<_> = elements
                    .iter()
                    .map(|e| (e.name.as_str(), Declared::At(e.span)))
                    .collect();
                self.out.builder.enumerated(&name.name, &named, declared)
            }
        };
        let sort = match made {
            Ok(sort) => sort,
            Err(error) => return self.refuse_sort(name, elements, &error),
        };
        for element in elements.unwrap_or_default() {
            let result = self.out.sorts.fresh(Known::Sort(sort));
            let index = self.push_symbol(
                &element.name,
                Vec::new(),
                Some(result),
                Declared::At(element.span),
            );
            if let Some(entry) = self.out.symbols.get_mut(index) {
                entry.element = true;
            }
        }
    }

    fn refuse_sort(&mut self, name: &Ident, elements: Option<&[Ident]>, error: &SortError) {
        let mut span = name.span;
        let what = match error {
            SortError::Duplicate { name: twice } => {
                let elements = elements.unwrap_or_default().iter().rev();
                let element = elements.into_iter().find(|e| e.name == *twice);
                span = element.map_or(span, |e| e.span);
                format!("`{twice}` is declared twice")
            }
            _ => format!("sort `{}` has no elements", name.name),
        };
        self.out.diagnostics.push(
            Diagnostic::error(Code::DUPLICATE_DECLARATION, what)
                .at(span)
                .help("give each sort and each element one name, once"),
        );
    }

    fn declare_symbol(
        &mut self,
        name: &Ident,
        arguments: &[SortSpec],
        result: Option<&SortSpec>,
        meaning: Option<String>,
        span: Span,
    ) {
        let arguments: Vec<_> = arguments.iter().map(|s| self.sort_spec(s)).collect();
        let result = result.map(|s| self.sort_spec(s));
        let is_bool = |sorts: &mut Sorts, var| sorts.known(var) == Known::Sort(SortId::BOOL);
        let result = result.filter(|&r| !is_bool(&mut self.out.sorts, r));
        if let Some(earlier) = self.find(&name.name, arguments.len(), result.is_none()) {
            // Recorded programs often declare a predicate twice with the same
            // arity; only the native language minds.
            if self.style.strict {
                let at = self
                    .out
                    .symbols
                    .get(earlier)
                    .and_then(|s| s.declared.span());
                let mut fault = Diagnostic::error(
                    Code::DUPLICATE_DECLARATION,
                    format!("`{}` is declared twice", name.name),
                )
                .at(name.span)
                .help("remove one of the two declarations");
                if let Some(at) = at {
                    fault = fault.related(at, "declared here first");
                }
                self.out.diagnostics.push(fault);
            }
            return;
        }
        for &argument in &arguments {
            if is_bool(&mut self.out.sorts, argument) {
                self.out.diagnostics.push(
                    Diagnostic::error(
                        Code::SORT_MISMATCH,
                        format!("`{}` takes a truth value as an argument", name.name),
                    )
                    .at(span)
                    .help("use a second predicate, or an enumerated sort with two elements"),
                );
                return;
            }
        }
        let index = self.push_symbol(&name.name, arguments, result, Declared::At(span));
        if let Some(entry) = self.out.symbols.get_mut(index) {
            entry.meaning = meaning;
        }
    }

    fn sort_spec(&mut self, spec: &SortSpec) -> SortVar {
        let known = match spec {
            SortSpec::Named(name) => self.sort_named(name),
            SortSpec::Open(_) => Known::Open,
        };
        self.out.sorts.fresh(known)
    }

    pub(super) fn sort_named(&mut self, name: &Ident) -> Known {
        if let Some(sort) = self.out.builder.signature().find_sort(&name.name) {
            return Known::Sort(sort);
        }
        if name.name == Builder::DEFAULT_SORT {
            return Known::Sort(self.out.builder.default_sort());
        }
        let mut fault = Diagnostic::error(
            Code::UNKNOWN_SORT,
            format!("there is no sort `{}`", name.name),
        )
        .at(name.span)
        .help(format!("declare it: `sort {}`", name.name));
        let sorts = self.out.builder.signature().sorts();
        let mut compared = sorts.iter().take(MOST_COMPARED);
        let near = compared.find(|s| similar(&s.name, &name.name));
        if let Some(near) = near {
            fault = fault
                .help(format!("`{}` was probably meant", near.name))
                .suggest(name.span, near.name.as_ref());
        }
        let shown = sorts.iter().skip(1).take(MOST_EXPECTED);
        fault.expected = shown.map(|s| format!("`{}`", s.name)).collect();
        self.out.diagnostics.push(fault);
        // Declared from here on, so that one fault is told once.
        match self
            .out
            .builder
            .sort(&name.name, Declared::Inferred(Some(name.span)))
        {
            Ok(sort) => Known::Sort(sort),
            Err(_) => Known::Open,
        }
    }

    pub(super) fn push_symbol(
        &mut self,
        name: &str,
        arguments: Vec<SortVar>,
        result: Option<SortVar>,
        declared: Declared,
    ) -> usize {
        let index = self.out.symbols.len();
        let used = (arguments.len(), result.is_none());
        match self.by_name.get_mut(name) {
            Some(uses) => uses.push((used, index)),
            None => {
                self.by_name.insert(name.to_owned(), vec![(used, index)]);
            }
        }
        if matches!(declared, Declared::At(_)) {
            let key = (name.to_owned(), result.is_none());
            self.declared_by_name.entry(key).or_insert(index);
        }
        self.out.symbols.push(SymbolEntry {
            name: name.to_owned(),
            arguments,
            result,
            declared,
            meaning: None,
            numeral: None,
            element: false,
        });
        index
    }
}
