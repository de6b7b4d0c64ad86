//! Queries with aggregates, in two steps: groups and their aggregates under names of ours,
//! then everything else over those.
//!
//! So an aggregate may stand anywhere: in `ORDER BY`, in `HAVING`, inside a window, twice.

use sqlparser::ast::{
    Expr, Function, GroupByExpr, Query, Select, SelectFlavor, SelectItem, SetExpr,
    TableAlias, TableFactor, TableWithJoins, Value, Visit,
};

use super::tree::{any_expr, column, each_expr, quoted};
use crate::error::QueryError;

/// Functions of many rows.
const AGGREGATES: &[&str] = &[
    "any_value",
    "approx_count_distinct",
    "approx_quantile",
    "arg_max",
    "arg_min",
    "array_agg",
    "avg",
    "bool_and",
    "bool_or",
    "corr",
    "count",
    "count_if",
    "countif",
    "covar",
    "covar_pop",
    "covar_samp",
    "first",
    "group_concat",
    "last",
    "list",
    "listagg",
    "max",
    "max_by",
    "mean",
    "median",
    "min",
    "min_by",
    "percentile_cont",
    "percentile_disc",
    "quantile",
    "quantile_cont",
    "quantile_disc",
    "stddev",
    "stddev_samp",
    "stdev",
    "stdev_samp",
    "string_agg",
    "sum",
    "total",
    "var",
    "var_samp",
    "variance",
];

fn is_aggregate(function: &Function) -> bool {
    let name = function.name.to_string().to_lowercase();
    function.over.is_none() && AGGREGATES.contains(&name.as_str())
}

/// Whether a select makes groups, or one of all rows.
pub(super) fn has_groups(select: &Select) -> bool {
    let is_grouped = match &select.group_by {
        GroupByExpr::All(_) => true,
        GroupByExpr::Expressions(keys, _) => !keys.is_empty(),
    };
    let mut items = select.projection.iter();
    is_grouped || select.having.is_some() || items.any(has_aggregate)
}

/// Whether an aggregate stands in a part of a query, or in a window over it.
pub(super) fn has_aggregate(node: &impl Visit) -> bool {
    any_expr(node, |expr| matches!(expr, Expr::Function(call) if is_aggregate(call)))
}

/// Puts the groups of `select` below it; `order` are the expressions that it is sorted by.
///
/// # Errors
///
/// A column stands outside of both the keys and the aggregates.
pub(super) fn split(
    select: &mut Select,
    keys: Vec<Expr>,
    order: &mut [&mut Expr],
) -> Result<(), QueryError> {
    let mut parts = Parts { keys, aggregates: Vec::new() };
    for item in &mut select.projection {
        // A key keeps its name when another column takes its place.
        if let SelectItem::UnnamedExpr(Expr::Identifier(name)) = item {
            let alias = quoted(name.value.clone());
            let expr = Expr::Identifier(name.clone());
            *item = SelectItem::ExprWithAlias { expr, alias };
        }
    }
    for item in &mut select.projection {
        each_expr(item, |expr| parts.replace(expr));
    }
    for expr in select.having.iter_mut().chain(&mut select.qualify) {
        each_expr(expr, |expr| parts.replace(expr));
    }
    each_expr(&mut select.named_window, |expr| parts.replace(expr));
    for expr in order {
        each_expr(*expr, |expr| parts.replace(expr));
    }
    parts.check(select)?;
    let n_keys = parts.keys.len();
    let mut inner = Box::new(select.clone());
    inner.projection = parts.projection();
    inner.group_by =
        GroupByExpr::Expressions((1..=n_keys).map(ordinal).collect(), Vec::new());
    (inner.having, inner.qualify, inner.distinct) = (None, None, None);
    inner.named_window = Vec::new();
    inner.flavor = SelectFlavor::Standard;
    select.selection = select.having.take();
    select.group_by = GroupByExpr::Expressions(Vec::new(), Vec::new());
    select.from = vec![derived(SetExpr::Select(inner))];
    Ok(())
}

/// What the inner step computes.
struct Parts {
    keys: Vec<Expr>,
    aggregates: Vec<Expr>,
}

impl Parts {
    fn replace(&mut self, expr: &mut Expr) {
        if let Some(n) = self.keys.iter().position(|key| is_same(key, expr)) {
            *expr = column(format!("__k{n}"));
        } else if let Expr::Function(function) = expr
            && is_aggregate(function)
        {
            let known = self.aggregates.iter().position(|old| old == expr);
            let n = known.unwrap_or(self.aggregates.len());
            let aggregate = std::mem::replace(expr, column(format!("__a{n}")));
            if known.is_none() {
                self.aggregates.push(aggregate);
            }
        }
    }

    fn projection(self) -> Vec<SelectItem> {
        let named = |letter: char| {
            move |(n, expr)| {
                let alias = quoted(format!("__{letter}{n}"));
                SelectItem::ExprWithAlias { expr, alias }
            }
        };
        let keys = self.keys.into_iter().enumerate().map(named('k'));
        keys.chain(self.aggregates.into_iter().enumerate().map(named('a'))).collect()
    }

    /// Refuses a column of which a group may hold several values.
    fn check(&self, select: &Select) -> Result<(), QueryError> {
        let mut stray = None;
        for item in &select.projection {
            let is_named = matches!(
                item,
                SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAlias { .. }
            );
            if !is_named {
                return Err(QueryError::Sql(format!(
                    "`{item}` has no place beside aggregates: name the columns"
                )));
            }
            each_expr(&mut item.clone(), |expr| {
                let is_ours = |name: &str| name.starts_with("__");
                match expr {
                    Expr::Identifier(name) if is_ours(&name.value) => {}
                    Expr::Identifier(_) | Expr::CompoundIdentifier(_) => {
                        stray.get_or_insert_with(|| expr.to_string());
                    }
                    _ => {}
                }
            });
        }
        match stray {
            Some(column) => Err(QueryError::NotGrouped { column }),
            None => Ok(()),
        }
    }
}

/// Whether a key is meant; `a.lang` and `lang` are one column.
fn is_same(key: &Expr, expr: &Expr) -> bool {
    let last = |expr: &Expr| match expr {
        Expr::Identifier(name) => Some(name.value.clone()),
        Expr::CompoundIdentifier(parts) => parts.last().map(|name| name.value.clone()),
        _ => None,
    };
    let is_bare = |expr: &Expr| matches!(expr, Expr::Identifier(_));
    key == expr
        || ((is_bare(key) || is_bare(expr))
            && last(key).is_some()
            && last(key) == last(expr))
}

fn ordinal(n: usize) -> Expr {
    Expr::Value(Value::Number(n.to_string(), false).into())
}

/// A body as a table of its own.
pub(super) fn derived(body: SetExpr) -> TableWithJoins {
    let subquery = Query {
        with: None,
        body: Box::new(body),
        order_by: None,
        limit_clause: None,
        fetch: None,
        locks: Vec::new(),
        for_clause: None,
        settings: None,
        format_clause: None,
        pipe_operators: Vec::new(),
    };
    let alias = TableAlias {
        explicit: true,
        name: quoted("__rows"),
        columns: Vec::new(),
        at: None,
    };
    let relation = TableFactor::Derived {
        lateral: false,
        subquery: Box::new(subquery),
        alias: Some(alias),
        sample: None,
    };
    TableWithJoins { relation, joins: Vec::new() }
}
