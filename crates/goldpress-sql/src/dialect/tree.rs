//! Walks over the tree of a query: its expressions, its tables, the case of its names.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

use sqlparser::ast::{
    Expr, Ident, ObjectName, ObjectNamePart, Query, Select, SelectItem, SetExpr,
    TableFactor, Visit, VisitMut, Visitor, VisitorMut,
};

/// Shows every expression of `node` to `change`, outer ones first; queries inside are
/// left alone.
pub(super) fn each_expr(node: &mut impl VisitMut, mut change: impl FnMut(&mut Expr)) {
    let _ = node.visit(&mut Walk::of(Change::OuterExprs(&mut change)));
}

/// Shows every expression of `query` and of the queries inside to `change`, inner ones first.
pub(crate) fn every_expr(query: &mut Query, mut change: impl FnMut(&mut Expr)) {
    let _ = VisitMut::visit(query, &mut Walk::of(Change::Exprs(&mut change)));
}

/// Shows every query inside `query`, and itself last, to `change`, up to the first error.
pub(super) fn each_query<E>(
    query: &mut Query,
    mut change: impl FnMut(&mut Query) -> Result<(), E>,
) -> Result<(), E> {
    let mut end = Ok(());
    let mut step = |query: &mut Query| {
        end = change(query);
        match end {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    };
    let _ = VisitMut::visit(query, &mut Walk::of(Change::Queries(&mut step)));
    end
}

/// The one walk that changes a tree. A walk of a type of its own for each change made the
/// walker of every kind of node anew: two thirds of all functions of this crate.
struct Walk<'c> {
    depth: usize,
    change: Change<'c>,
}

/// What is shown to whom.
enum Change<'c> {
    OuterExprs(&'c mut dyn FnMut(&mut Expr)),
    Exprs(&'c mut dyn FnMut(&mut Expr)),
    Queries(&'c mut dyn FnMut(&mut Query) -> ControlFlow<()>),
    Relations(&'c mut dyn FnMut(&mut ObjectName)),
}

impl<'c> Walk<'c> {
    fn of(change: Change<'c>) -> Walk<'c> {
        Walk { depth: 0, change }
    }
}

impl VisitorMut for Walk<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, _: &mut Query) -> ControlFlow<()> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
        self.depth -= 1;
        match &mut self.change {
            Change::Queries(change) => change(query),
            _ => ControlFlow::Continue(()),
        }
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Change::OuterExprs(change) = &mut self.change
            && self.depth == 0
        {
            change(expr);
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Change::Exprs(change) = &mut self.change {
            change(expr);
        }
        ControlFlow::Continue(())
    }

    fn post_visit_relation(&mut self, name: &mut ObjectName) -> ControlFlow<()> {
        if let Change::Relations(change) = &mut self.change {
            change(name);
        }
        ControlFlow::Continue(())
    }
}

/// Whether an expression of `node` is wanted; queries inside are passed over.
pub(super) fn any_expr(node: &impl Visit, is_wanted: impl Fn(&Expr) -> bool) -> bool {
    node.visit(&mut Search { depth: 0, wanted: Wanted::Expr(&is_wanted) }).is_break()
}

/// The one walk that only looks.
struct Search<'c> {
    depth: usize,
    wanted: Wanted<'c>,
}

enum Wanted<'c> {
    Expr(&'c dyn Fn(&Expr) -> bool),
    Relations(&'c mut dyn FnMut(&ObjectName)),
}

impl Visitor for Search<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match &self.wanted {
            Wanted::Expr(is_wanted) if self.depth == 0 && is_wanted(expr) => {
                ControlFlow::Break(())
            }
            _ => ControlFlow::Continue(()),
        }
    }

    fn pre_visit_relation(&mut self, name: &ObjectName) -> ControlFlow<()> {
        if let Wanted::Relations(see) = &mut self.wanted {
            see(name);
        }
        ControlFlow::Continue(())
    }
}

/// Every `SELECT` of a body: itself, or the sides of a union.
pub(super) fn selects(body: &SetExpr) -> Vec<&Select> {
    match body {
        SetExpr::Select(select) => vec![select],
        SetExpr::SetOperation { left, right, .. } => {
            let mut both = selects(left);
            both.extend(selects(right));
            both
        }
        _ => Vec::new(),
    }
}

/// Names of the tables that a query reads, lower case; those it defines are among them.
pub(super) fn relations(query: &Query) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut see = |name: &ObjectName| {
        names.insert(name.to_string().replace('"', "").to_lowercase());
    };
    let _ = Visit::visit(
        query,
        &mut Search { depth: 0, wanted: Wanted::Relations(&mut see) },
    );
    names
}

/// What a query names by itself: tables by `WITH` and `AS`, columns by `AS`.
#[derive(Default)]
pub(super) struct OwnNames {
    /// Tables and their aliases, lower case.
    pub(super) tables: BTreeSet<String>,
    /// Columns as they are spelt, by lower case.
    pub(super) columns: BTreeMap<String, String>,
}

/// The names that a query and the queries inside it define.
pub(super) fn own_names(query: &mut Query) -> OwnNames {
    let mut own = OwnNames { tables: relations(query), ..OwnNames::default() };
    let _: Result<(), ()> = each_query(query, |query| {
        for table in query.with.iter().flat_map(|with| &with.cte_tables) {
            own.tables.insert(table.alias.name.value.to_lowercase());
            own.note(table.alias.columns.iter().map(|column| &column.name));
        }
        for select in selects(&query.body) {
            for item in &select.projection {
                if let SelectItem::ExprWithAlias { alias, .. } = item {
                    own.note([alias]);
                }
            }
            for from in &select.from {
                own.factor(&from.relation);
                from.joins.iter().for_each(|join| own.factor(&join.relation));
            }
        }
        Ok(())
    });
    own
}

impl OwnNames {
    fn note<'i>(&mut self, columns: impl IntoIterator<Item = &'i Ident>) {
        for column in columns {
            self.columns.insert(column.value.to_lowercase(), column.value.clone());
        }
    }

    fn factor(&mut self, factor: &TableFactor) {
        let alias = match factor {
            TableFactor::Table { alias, .. }
            | TableFactor::Derived { alias, .. }
            | TableFactor::UNNEST { alias, .. } => alias,
            _ => return,
        };
        if let Some(alias) = alias {
            self.tables.insert(alias.name.value.to_lowercase());
            self.note(alias.columns.iter().map(|column| &column.name));
        }
    }
}

/// Spells names in one way: those of tables and columns of the dataset in lower case,
/// those of the query as it defines them.
pub(super) fn fold_names(query: &mut Query, columns: &BTreeSet<String>) {
    let own = own_names(query);
    let fold = |name: &mut Ident| {
        let lower = name.value.to_lowercase();
        if name.quote_style.is_some() {
            return;
        }
        if let Some(spelt) = own.columns.get(&lower).filter(|_| !columns.contains(&lower))
        {
            name.value = spelt.clone();
        } else if columns.contains(&lower) || own.tables.contains(&lower) {
            name.value = lower;
        }
    };
    every_expr(query, |expr| match expr {
        Expr::Identifier(name) => fold(name),
        Expr::CompoundIdentifier(parts) => parts.iter_mut().for_each(fold),
        _ => {}
    });
    let mut relation = |ObjectName(parts): &mut ObjectName| {
        for part in parts {
            if let ObjectNamePart::Identifier(name) = part {
                lower(name);
            }
        }
    };
    let _ = VisitMut::visit(query, &mut Walk::of(Change::Relations(&mut relation)));
    let _: Result<(), ()> = each_query(query, |query| {
        let tables = query.with.iter_mut().flat_map(|with| &mut with.cte_tables);
        tables.for_each(|table| lower(&mut table.alias.name));
        aliases_of_tables(&mut query.body);
        Ok(())
    });
}

fn aliases_of_tables(body: &mut SetExpr) {
    match body {
        SetExpr::Select(select) => {
            for from in &mut select.from {
                lower_alias(&mut from.relation);
                from.joins.iter_mut().for_each(|join| lower_alias(&mut join.relation));
            }
        }
        SetExpr::SetOperation { left, right, .. } => {
            aliases_of_tables(left);
            aliases_of_tables(right);
        }
        _ => {}
    }
}

fn lower_alias(factor: &mut TableFactor) {
    if let TableFactor::Table { alias, .. }
    | TableFactor::Derived { alias, .. }
    | TableFactor::UNNEST { alias, .. } = factor
    {
        alias.iter_mut().for_each(|alias| lower(&mut alias.name));
    }
}

fn lower(name: &mut Ident) {
    if name.quote_style.is_none() {
        name.value = name.value.to_lowercase();
    }
}

/// A name that needs no care about keywords.
pub(super) fn quoted(name: impl Into<String>) -> Ident {
    Ident::with_quote('"', name)
}

/// A column by its name.
pub(super) fn column(name: impl Into<String>) -> Expr {
    Expr::Identifier(quoted(name))
}
