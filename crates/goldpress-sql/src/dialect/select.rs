//! What a `SELECT` says by position or by habit, said outright: names of columns, keys of
//! groups, order, windows.

use std::collections::{BTreeMap, BTreeSet};

use sqlparser::ast::{
    ExcludeSelectItem, Expr, GroupByExpr, Ident, NamedWindowExpr, ObjectName,
    OrderByExpr, OrderByKind, Query, Select, SelectFlavor, SelectItem, SetExpr, Value,
    WildcardAdditionalOptions, WindowType,
};

use super::{
    functions, groups, joins, names,
    tree::{any_expr, column, each_expr, each_query, own_names, quoted, selects},
    unnest,
};
use crate::error::QueryError;

/// Rewrites every query inside of `query`, and itself.
///
/// # Errors
///
/// A part of it cannot be said in the engine's dialect.
pub(super) fn rewrite(
    query: &mut Query,
    columns: &BTreeSet<String>,
) -> Result<(), QueryError> {
    let own = own_names(query);
    let tables = own.tables;
    each_query(query, |query| {
        let mut order = query.order_by.take();
        let mut keys = match order.as_mut().map(|order| &mut order.kind) {
            Some(OrderByKind::Expressions(keys)) => std::mem::take(keys),
            Some(OrderByKind::All(options)) => {
                let n = selects(&query.body).first().map_or(0, |s| s.projection.len());
                let key = |n| OrderByExpr {
                    expr: functions::number(n),
                    options: *options,
                    with_fill: None,
                };
                (1..=n as i64).map(key).collect()
            }
            None => Vec::new(),
        };
        body(&mut query.body, &mut keys, columns, &tables)?;
        keys.iter_mut().for_each(nulls_last);
        if let Some(mut order) = order {
            order.kind = OrderByKind::Expressions(keys);
            query.order_by = Some(order);
        }
        Ok(())
    })
}

fn body(
    body: &mut SetExpr,
    order: &mut [OrderByExpr],
    columns: &BTreeSet<String>,
    tables: &BTreeSet<String>,
) -> Result<(), QueryError> {
    match body {
        SetExpr::Select(select) => one(select, order, columns, tables),
        SetExpr::SetOperation { left, right, .. } => {
            self::body(left, &mut [], columns, tables)?;
            self::body(right, &mut [], columns, tables)?;
            let names: Vec<Option<Ident>> =
                selects(left).first().map_or(Vec::new(), |first| {
                    first.projection.iter().map(name_of).collect()
                });
            rename(right, &names);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Gives the columns of the later sides of a union the names of the first.
fn rename(body: &mut SetExpr, names: &[Option<Ident>]) {
    match body {
        SetExpr::Select(select) if select.projection.len() == names.len() => {
            for (item, name) in select.projection.iter_mut().zip(names) {
                let (Some(name), Some(expr)) = (name, expr_of(item)) else { continue };
                *item =
                    SelectItem::ExprWithAlias { expr: expr.clone(), alias: name.clone() };
            }
        }
        SetExpr::SetOperation { left, right, .. } => {
            rename(left, names);
            rename(right, names);
        }
        _ => {}
    }
}

fn expr_of(item: &SelectItem) -> Option<&Expr> {
    match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
            Some(expr)
        }
        _ => None,
    }
}

fn name_of(item: &SelectItem) -> Option<Ident> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(alias.clone()),
        SelectItem::UnnamedExpr(Expr::Identifier(name)) => Some(name.clone()),
        _ => None,
    }
}

fn one(
    select: &mut Select,
    order: &mut [OrderByExpr],
    columns: &BTreeSet<String>,
    tables: &BTreeSet<String>,
) -> Result<(), QueryError> {
    if select.flavor == SelectFlavor::FromFirstNoSelect {
        select.projection = vec![SelectItem::Wildcard(Default::default())];
    }
    select.flavor = SelectFlavor::Standard;
    named_windows(select);
    joins::rewrite(select);
    fields(select, order, tables);
    name_columns(select);
    unnest::rewrite(select, order)?;
    let aliases = own_aliases(select, columns);
    for part in
        select.selection.iter_mut().chain(&mut select.having).chain(&mut select.qualify)
    {
        each_expr(part, |expr| said_outright(expr, &aliases));
    }
    for item in &mut select.projection {
        let own = name_of(item).map(|name| name.value);
        let mut others = aliases.clone();
        others.retain(|name, _| Some(name) != own.as_ref());
        each_expr(item, |expr| said_outright(expr, &others));
    }
    let keys = keys(select, &aliases)?;
    for key in order.iter_mut() {
        resolve(&mut key.expr, select)?;
    }
    if groups::has_groups(select) {
        let mut sorted: Vec<&mut Expr> =
            order.iter_mut().map(|key| &mut key.expr).collect();
        groups::split(select, keys, &mut sorted)?;
    }
    each_expr(select, windows);
    order.iter_mut().for_each(|key| each_expr(&mut key.expr, windows));
    qualified(select);
    Ok(())
}

/// Writes a window that has a name where it is used.
fn named_windows(select: &mut Select) {
    let named = std::mem::take(&mut select.named_window);
    each_expr(select, |expr| {
        let Expr::Function(function) = expr else { return };
        let Some(WindowType::NamedWindow(name)) = &function.over else { return };
        let found = named.iter().find(|window| window.0 == *name);
        if let Some(NamedWindowExpr::WindowSpec(spec)) = found.map(|window| &window.1) {
            function.over = Some(WindowType::WindowSpec(spec.clone()));
        }
    });
}

/// `QUALIFY` as a column of the rows, by which those around it are chosen.
fn qualified(select: &mut Select) {
    const HOLDS: &str = "__holds";
    let Some(condition) = select.qualify.take() else { return };
    let mut inner = Box::new(select.clone());
    let alias = quoted(HOLDS);
    inner.projection.push(SelectItem::ExprWithAlias { expr: condition, alias });
    let names: Vec<Option<Ident>> = select.projection.iter().map(name_of).collect();
    let item = |name: Option<Ident>| {
        name.map(|name| SelectItem::UnnamedExpr(column(name.value)))
    };
    let all = names.into_iter().map(item).collect::<Option<Vec<_>>>();
    select.projection = all.unwrap_or_else(|| {
        let left_out = ExcludeSelectItem::Single(ObjectName::from(quoted(HOLDS)));
        let options = WildcardAdditionalOptions {
            opt_exclude: Some(left_out),
            ..Default::default()
        };
        vec![SelectItem::Wildcard(options)]
    });
    select.from = vec![groups::derived(SetExpr::Select(inner))];
    select.selection = Some(column(HOLDS));
}

/// `block.role` is a field where `block` is no table.
fn fields(select: &mut Select, order: &mut [OrderByExpr], tables: &BTreeSet<String>) {
    let mut field = |expr: &mut Expr| {
        let Expr::CompoundIdentifier(parts) = expr else { return };
        let n_names = match tables.contains(&parts[0].value.to_lowercase()) {
            true => 2,
            false => 1,
        };
        if parts.len() <= n_names {
            return;
        }
        let names = parts[..n_names].to_vec();
        let root = match names.as_slice() {
            [name] => Expr::Identifier(name.clone()),
            _ => Expr::CompoundIdentifier(names),
        };
        let fields = parts[n_names..].iter();
        *expr = fields.fold(root, |root, name| functions::field(root, &name.value));
    };
    // Names come from the expression as it was written.
    for item in &mut select.projection {
        if let SelectItem::UnnamedExpr(expr) = item
            && !matches!(expr, Expr::Identifier(_))
            && !is_columns(expr)
        {
            let alias = quoted(names::of(expr));
            *item = SelectItem::ExprWithAlias { expr: expr.clone(), alias };
        }
    }
    each_expr(select, &mut field);
    order.iter_mut().for_each(|key| each_expr(&mut key.expr, &mut field));
}

/// `COLUMNS('n_.*')` is many columns, each with a name of its own.
fn is_columns(expr: &Expr) -> bool {
    any_expr(
        expr,
        |expr| matches!(expr, Expr::Function(f) if f.name.to_string().eq_ignore_ascii_case("columns")),
    )
}

/// Aliases that mean their expression in the other clauses of a select.
fn own_aliases(select: &Select, columns: &BTreeSet<String>) -> BTreeMap<String, Expr> {
    let inner: String = select.from.iter().map(|from| from.to_string()).collect();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let inner: BTreeSet<&str> = inner.split(|c| !is_word(c)).collect();
    let mut aliases = BTreeMap::new();
    for item in &select.projection {
        if let SelectItem::ExprWithAlias { expr, alias } = item
            && !columns.contains(&alias.value)
            && !inner.contains(alias.value.as_str())
        {
            aliases.insert(alias.value.clone(), expr.clone());
        }
    }
    aliases
}

fn said_outright(expr: &mut Expr, aliases: &BTreeMap<String, Expr>) {
    if let Expr::Identifier(name) = expr
        && let Some(meant) = aliases.get(&name.value)
    {
        *expr = Expr::Nested(Box::new(meant.clone()));
    }
}

/// Makes the names of a select's columns differ: `record`, `record_1`.
fn name_columns(select: &mut Select) {
    let mut taken = BTreeSet::new();
    for item in &mut select.projection {
        let Some(name) = name_of(item) else { continue };
        let mut free = name.value.clone();
        let mut n = 1;
        while !taken.insert(free.clone()) {
            free = format!("{}_{n}", name.value);
            n += 1;
        }
        if let Some(expr) = expr_of(item)
            && free != name.value
        {
            *item = SelectItem::ExprWithAlias { expr: expr.clone(), alias: quoted(free) };
        }
    }
}

/// The keys of `GROUP BY`: by `ALL`, by number, by alias.
fn keys(
    select: &Select,
    aliases: &BTreeMap<String, Expr>,
) -> Result<Vec<Expr>, QueryError> {
    let (keys, more) = match &select.group_by {
        GroupByExpr::All(more) => {
            let items = select.projection.iter().filter_map(expr_of);
            let keys = items.filter(|expr| !groups::has_aggregate(*expr)).cloned();
            (keys.collect(), more)
        }
        GroupByExpr::Expressions(keys, more) => (keys.clone(), more),
    };
    if !more.is_empty() {
        return Err(no_cube());
    }
    let resolve = |key: Expr| match &key {
        Expr::Rollup(_) | Expr::Cube(_) | Expr::GroupingSets(_) => Err(no_cube()),
        Expr::Value(_) => {
            let mut key = key.clone();
            position(&key, select)?.clone_into(&mut key);
            Ok(key)
        }
        Expr::Identifier(name) => {
            Ok(aliases.get(&name.value).cloned().unwrap_or_else(|| key.clone()))
        }
        _ => {
            let mut key = key.clone();
            each_expr(&mut key, |expr| said_outright(expr, aliases));
            Ok(key)
        }
    };
    let plain = |key: Expr| match key {
        Expr::Nested(inner) => *inner,
        key => key,
    };
    keys.into_iter().map(|key| resolve(key).map(plain)).collect()
}

fn no_cube() -> QueryError {
    QueryError::Sql(
        "ROLLUP, CUBE and GROUPING SETS are not supported: join queries by UNION ALL"
            .to_owned(),
    )
}

/// The expression that stands at a position of the select, counted from 1.
fn position<'s>(number: &Expr, select: &'s Select) -> Result<&'s Expr, QueryError> {
    let n: Option<usize> = match number {
        Expr::Value(value) => match &value.value {
            Value::Number(digits, _) => digits.parse().ok(),
            _ => None,
        },
        _ => None,
    };
    let items = &select.projection;
    let item = n.and_then(|n| items.get(n.checked_sub(1)?)).and_then(expr_of);
    item.ok_or_else(|| {
        let n_columns = items.len();
        QueryError::Sql(format!("`{number}` is no position among {n_columns} columns"))
    })
}

/// Sorts by a column of the answer where one is meant: its number, or its expression.
fn resolve(key: &mut Expr, select: &Select) -> Result<(), QueryError> {
    if select.projection.iter().any(|item| expr_of(item).is_none()) {
        return Ok(());
    }
    let is_number = matches!(key, Expr::Value(v) if matches!(v.value, Value::Number(..)));
    let meant = match is_number {
        true => position(key, select)?.clone(),
        false => key.clone(),
    };
    let item = select.projection.iter().find(|item| expr_of(item) == Some(&meant));
    if let Some(name) = item.and_then(name_of) {
        *key = column(name.value);
    }
    Ok(())
}

fn nulls_last(key: &mut OrderByExpr) {
    key.options.nulls_first.get_or_insert(false);
}

/// Sorts the rows of a window upwards by every key, since the engine takes one direction.
fn windows(expr: &mut Expr) {
    let Expr::Function(function) = expr else { return };
    let Some(WindowType::WindowSpec(window)) = &mut function.over else { return };
    let is_down = |key: &OrderByExpr| key.options.asc == Some(false);
    let is_mixed =
        window.order_by.iter().any(is_down) && !window.order_by.iter().all(is_down);
    for key in &mut window.order_by {
        if is_mixed && is_down(key) {
            key.expr = functions::call("__downwards", vec![key.expr.clone()]);
            key.options.asc = None;
        }
        nulls_last(key);
    }
}
