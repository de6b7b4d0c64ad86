//! Conditions of `JOIN … ON` that are no pair of columns: the engine joins by pairs alone.

use sqlparser::ast::{
    BinaryOperator, Expr, Ident, JoinConstraint, JoinOperator, Select, SelectItem,
    SetExpr, TableFactor, TableWithJoins,
};

use super::{functions::and, groups::derived, tree::each_expr};

/// Asks a condition on the joined table before the join, and one on several tables after
/// it where that is the same.
pub(super) fn rewrite(select: &mut Select) {
    let mut after = Vec::new();
    let plain = select.clone();
    for from in &mut select.from {
        for join in &mut from.joins {
            let is_inner = matches!(
                join.join_operator,
                JoinOperator::Join(_) | JoinOperator::Inner(_)
            );
            let (JoinOperator::Join(on)
            | JoinOperator::Inner(on)
            | JoinOperator::Left(on)
            | JoinOperator::LeftOuter(on)) = &mut join.join_operator
            else {
                continue;
            };
            let JoinConstraint::On(condition) = on else { continue };
            let Some(name) = name_of(&join.relation) else { continue };
            let (mut pairs, mut before) = (Vec::new(), Vec::new());
            for part in conjuncts(condition.clone()) {
                if is_pair(&part) {
                    pairs.push(part);
                } else if is_of(&part, &name) {
                    before.push(part);
                } else if is_inner {
                    after.push(part);
                } else {
                    pairs.push(part);
                }
            }
            // Without a pair it is the engine's to say what it cannot do.
            let Some(joined) = pairs.into_iter().reduce(|one, two| and(Some(one), two))
            else {
                continue;
            };
            *condition = joined;
            if let Some(chosen) =
                before.into_iter().reduce(|one, two| and(Some(one), two))
            {
                join.relation = choosing(&plain, join.relation.clone(), name, chosen);
            }
        }
    }
    for condition in after {
        select.selection = Some(and(select.selection.take(), condition));
    }
}

fn name_of(factor: &TableFactor) -> Option<Ident> {
    match factor {
        TableFactor::Table { alias: Some(alias), .. }
        | TableFactor::Derived { alias: Some(alias), .. } => Some(alias.name.clone()),
        TableFactor::Table { name, .. } => name.0.last()?.as_ident().cloned(),
        _ => None,
    }
}

fn conjuncts(expr: Expr) -> Vec<Expr> {
    match expr {
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            let mut all = conjuncts(*left);
            all.extend(conjuncts(*right));
            all
        }
        Expr::Nested(inner) => conjuncts(*inner),
        other => vec![other],
    }
}

fn is_pair(expr: &Expr) -> bool {
    let is_column =
        |expr: &Expr| matches!(expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_));
    match expr {
        Expr::BinaryOp { left, op, right } => {
            let is_known = matches!(
                op,
                BinaryOperator::Eq
                    | BinaryOperator::Lt
                    | BinaryOperator::LtEq
                    | BinaryOperator::Gt
                    | BinaryOperator::GtEq
            );
            is_known && is_column(left) && is_column(right)
        }
        _ => false,
    }
}

/// Whether every column of a condition is one of this table.
fn is_of(condition: &Expr, table: &Ident) -> bool {
    let mut is_of = true;
    each_expr(&mut condition.clone(), |expr| match expr {
        Expr::Identifier(_) => is_of = false,
        Expr::CompoundIdentifier(parts) => is_of &= parts[0].value == table.value,
        _ => {}
    });
    is_of
}

/// The rows of a table for which a condition holds, under the name of the table.
fn choosing(
    plain: &Select,
    relation: TableFactor,
    name: Ident,
    condition: Expr,
) -> TableFactor {
    let mut inner = Select {
        distinct: None,
        projection: vec![SelectItem::Wildcard(Default::default())],
        from: vec![TableWithJoins { relation, joins: Vec::new() }],
        selection: Some(condition),
        having: None,
        qualify: None,
        ..plain.clone()
    };
    inner.group_by = sqlparser::ast::GroupByExpr::Expressions(Vec::new(), Vec::new());
    let mut table = derived(SetExpr::Select(Box::new(inner))).relation;
    if let TableFactor::Derived { alias: Some(own), .. } = &mut table {
        own.name = name;
    }
    table
}
