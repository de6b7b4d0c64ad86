//! `UNNEST`: a row for each element of a list, and none for a list without one.

use sqlparser::ast::{
    BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, OrderByExpr,
    Select, SelectItem, SetExpr, TableFactor, TableWithJoins,
};

use super::{
    functions::{and, call, number},
    groups::{derived, has_groups},
    tree::{column, each_expr, quoted},
};
use crate::error::QueryError;

/// Puts each `UNNEST` of a select where the engine can take it.
///
/// # Errors
///
/// A list of a table that is joined with others by name.
pub(super) fn rewrite(
    select: &mut Select,
    order: &mut [OrderByExpr],
) -> Result<(), QueryError> {
    while let Some(list) = take_from(select)? {
        below(select, list.array, &list.column)?;
        let bare = |expr: &mut Expr| {
            if let Expr::CompoundIdentifier(parts) = expr
                && parts[0].value == list.table
                && let [_, column] = parts.as_slice()
            {
                *expr = Expr::Identifier(column.clone());
            }
        };
        each_expr(select, bare);
        order.iter_mut().for_each(|key| each_expr(&mut key.expr, bare));
    }
    let lists: Vec<Expr> = select.projection.iter().filter_map(unnested).collect();
    let [list] = lists.as_slice() else { return Ok(()) };
    if !has_groups(select) {
        select.selection = Some(and(select.selection.take(), is_not_empty(list)));
        return Ok(());
    }
    below(select, list.clone(), "__u0")?;
    each_expr(select, |expr| {
        if argument(expr).is_some_and(|inner| inner == list) {
            *expr = column("__u0");
        }
    });
    Ok(())
}

/// A list in `FROM`: `UNNEST(a.authors) AS u(author)`.
struct FromList {
    array: Expr,
    table: String,
    column: String,
}

/// Takes the first list out of `FROM`, where another table stands before it.
fn take_from(select: &mut Select) -> Result<Option<FromList>, QueryError> {
    let is_list = |factor: &TableFactor| matches!(factor, TableFactor::UNNEST { .. });
    let mut factor = None;
    if let Some(n) = select.from.iter().skip(1).position(|from| is_list(&from.relation)) {
        factor = Some(select.from.remove(n + 1).relation);
    }
    for from in &mut select.from {
        if factor.is_none()
            && let Some(n) = from.joins.iter().position(|join| is_list(&join.relation))
        {
            factor = Some(from.joins.remove(n).relation);
        }
    }
    let Some(TableFactor::UNNEST { alias, mut array_exprs, .. }) = factor else {
        return Ok(None);
    };
    let (Some(array), true) = (array_exprs.pop(), array_exprs.is_empty()) else {
        return Err(QueryError::Sql("UNNEST takes one list".to_owned()));
    };
    let names = alias.map(|alias| {
        let column = alias.columns.first().map(|column| column.name.value.clone());
        (alias.name.value, column)
    });
    let (table, column) = names.unwrap_or(("unnest".to_owned(), None));
    let column = column.unwrap_or_else(|| "unnest".to_owned());
    Ok(Some(FromList { array, table, column }))
}

/// Makes the only table of a select one with a row an element, in a column of its own.
fn below(select: &mut Select, array: Expr, name: &str) -> Result<(), QueryError> {
    let [TableWithJoins { relation, joins }] = select.from.as_mut_slice() else {
        return Err(one_table());
    };
    if !joins.is_empty() {
        return Err(one_table());
    }
    let alias = match relation {
        TableFactor::Table { alias, name, .. } => alias
            .clone()
            .map(|alias| alias.name)
            .or(name.0.last().and_then(|part| part.as_ident()).cloned()),
        TableFactor::Derived { alias, .. } => alias.clone().map(|alias| alias.name),
        _ => None,
    };
    let mut inner = select.clone();
    inner.selection = Some(is_not_empty(&array));
    inner.projection = vec![
        SelectItem::Wildcard(Default::default()),
        SelectItem::ExprWithAlias { expr: unnest(array), alias: quoted(name) },
    ];
    (inner.distinct, inner.having, inner.qualify) = (None, None, None);
    inner.group_by = sqlparser::ast::GroupByExpr::Expressions(Vec::new(), Vec::new());
    inner.named_window = Vec::new();
    let mut table = derived(SetExpr::Select(Box::new(inner)));
    if let TableFactor::Derived { alias: Some(own), .. } = &mut table.relation {
        own.name = alias.unwrap_or_else(|| quoted("__rows"));
    }
    select.from = vec![table];
    Ok(())
}

fn one_table() -> QueryError {
    QueryError::Sql(
        "a list is taken apart beside one table: join in a query around it".to_owned(),
    )
}

fn unnested(item: &SelectItem) -> Option<Expr> {
    match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
            argument(expr).cloned()
        }
        _ => None,
    }
}

/// The list inside of an `UNNEST`.
fn argument(expr: &Expr) -> Option<&Expr> {
    let Expr::Function(function) = expr else { return None };
    let FunctionArguments::List(list) = &function.args else { return None };
    let is_unnest = function.name.to_string().eq_ignore_ascii_case("unnest");
    match list.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(list))] if is_unnest => Some(list),
        _ => None,
    }
}

fn unnest(list: Expr) -> Expr {
    call("unnest", vec![list])
}

fn is_not_empty(list: &Expr) -> Expr {
    Expr::BinaryOp {
        left: Box::new(call("len", vec![list.clone()])),
        op: BinaryOperator::Gt,
        right: Box::new(number(0)),
    }
}
