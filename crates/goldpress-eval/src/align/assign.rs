//! The assignment problem: a one-to-one choice of links that is worth the most.
//!
//! # Source
//!
//! Shortest augmenting paths with potentials (Jonker and Volgenant, 1987), on a sparse
//! graph in which a row may also stay alone. Links that some best choice holds are those
//! on a cycle of the graph that the potentials leave; which of the best choices is taken
//! is then a matter of fixing links in key order.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

use super::Worth;
use crate::sides::Edge;

/// What a possible pair is worth, in twelve bytes: a crowded document has millions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gain {
    pub(super) kind: Kind,
    pub(super) shared: u32,
    pub(super) apart: u32,
}

/// What a pair has in common, beside characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// No pair: a row stays alone.
    Alone,
    /// Characters.
    Touches,
    /// The label.
    Label,
    /// All fragments.
    Place,
    /// Fragments and label.
    Both,
}

impl Gain {
    const ALONE: Gain = Gain { kind: Kind::Alone, shared: 0, apart: 0 };

    fn cost(self) -> Worth {
        Worth::default() - self.worth()
    }

    pub(super) fn worth(self) -> Worth {
        let (place, label) = match self.kind {
            Kind::Alone => return Worth::default(),
            Kind::Touches => (0, 0),
            Kind::Label => (0, 1),
            Kind::Place => (1, 0),
            Kind::Both => (1, 1),
        };
        let (shared, apart) = (i64::from(self.shared), i64::from(self.apart));
        Worth([place * label, place, 1, label, shared, -apart])
    }
}

/// The best choice among edges, as gold and predicted items. Ranks of both by key settle
/// ties: the best choice whose sorted keys come first is taken.
///
/// Takes some forty bytes an edge.
pub(super) fn best(
    edges: &[Edge],
    ranks: &(Vec<u32>, Vec<u32>),
    gain: impl Fn(&Edge) -> Gain,
) -> Vec<(u32, u32)> {
    let mut problem = Problem::new(edges, gain);
    (0..problem.n_rows).for_each(|row| problem.place(row));
    problem.settle(ranks);
    problem.chosen()
}

const NONE: usize = usize::MAX;

/// Rows 0…, columns 0…, and behind them for each row a column of its own that is worth
/// nothing: to stand there is to stay alone.
struct Problem {
    n_rows: usize,
    rows: Vec<u32>,
    columns: Vec<u32>,
    /// By row: columns and what it gains there; the cost is the negated worth.
    out: Vec<Vec<(u32, Gain)>>,
    row_price: Vec<Worth>,
    column_price: Vec<Worth>,
    /// Row → column, column → row.
    at: Vec<usize>,
    held_by: Vec<usize>,
    /// By column: how the search of the latest row came to it.
    reached: Vec<Reached>,
}

#[derive(Clone)]
struct Reached {
    /// The row that was being placed.
    round: usize,
    length: Worth,
    from: usize,
    left: bool,
}

impl Problem {
    fn new(edges: &[Edge], gain: impl Fn(&Edge) -> Gain) -> Problem {
        let numbered = |mut ids: Vec<u32>| {
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        let rows = numbered(edges.iter().map(|edge| edge.gold).collect());
        let columns = numbered(edges.iter().map(|edge| edge.predicted).collect());
        let (n_rows, n_columns) = (rows.len(), columns.len() + rows.len());
        // Counted first: a list that grows holds twice what it needs.
        let mut sizes = vec![1; n_rows];
        edges.iter().for_each(|edge| sizes[place_of(&rows, edge.gold)] += 1);
        let mut out: Vec<Vec<(u32, Gain)>> =
            sizes.into_iter().map(Vec::with_capacity).collect();
        for edge in edges {
            let column = place_of(&columns, edge.predicted) as u32;
            out[place_of(&rows, edge.gold)].push((column, gain(edge)));
        }
        for (row, out) in out.iter_mut().enumerate() {
            out.push(((columns.len() + row) as u32, Gain::ALONE));
        }
        Problem {
            n_rows,
            rows,
            columns,
            out,
            row_price: vec![Worth::default(); n_rows],
            column_price: vec![Worth::default(); n_columns],
            at: vec![NONE; n_rows],
            held_by: vec![NONE; n_columns],
            reached: vec![
                Reached {
                    round: NONE,
                    length: Worth::default(),
                    from: 0,
                    left: false
                };
                n_columns
            ],
        }
    }

    fn reduced(&self, row: usize, column: usize, cost: Worth) -> Worth {
        cost - self.row_price[row] - self.column_price[column]
    }

    /// Gives a new row its column by a shortest augmenting path.
    fn place(&mut self, new: usize) {
        let mut done: Vec<(usize, Worth)> = Vec::new();
        let mut heap: BinaryHeap<Reverse<(Worth, usize)>> = BinaryHeap::new();
        let (mut row, mut so_far) = (new, Worth::default());
        let (free, total) = 'search: loop {
            for &(column, gain) in &self.out[row] {
                let column = column as usize;
                let length = so_far + self.reduced(row, column, gain.cost());
                let reached = &mut self.reached[column];
                if reached.round != new || !reached.left && length < reached.length {
                    *reached = Reached { round: new, length, from: row, left: false };
                    heap.push(Reverse((length, column)));
                }
            }
            // A row always has its own column, so a free column comes up before the heap
            // runs dry.
            while let Some(Reverse((length, column))) = heap.pop() {
                if std::mem::replace(&mut self.reached[column].left, true) {
                    continue;
                }
                if self.held_by[column] == NONE {
                    break 'search (column, length);
                }
                done.push((column, length));
                (row, so_far) = (self.held_by[column], length);
                continue 'search;
            }
            return;
        };
        for (column, length) in done {
            let slack = total - length;
            self.column_price[column] = self.column_price[column] - slack;
            let holder = self.held_by[column];
            self.row_price[holder] = self.row_price[holder] + slack;
        }
        self.row_price[new] = self.row_price[new] + total;
        let mut column = free;
        loop {
            let row = self.reached[column].from;
            let left = std::mem::replace(&mut self.at[row], column);
            self.held_by[column] = row;
            if row == new {
                return;
            }
            column = left;
        }
    }

    /// Moves to the best choice whose sorted keys come first.
    fn settle(&mut self, ranks: &(Vec<u32>, Vec<u32>)) {
        let tight = self.tight();
        // What is left is which columns are as good as the best: the rest may go.
        self.out = Vec::new();
        let mut open: Vec<(u32, u32)> = Vec::new();
        for (row, columns) in tight.iter().enumerate() {
            let others = columns.iter().filter(|at| (**at as usize) < self.columns.len());
            open.extend(others.map(|column| (row as u32, *column)));
        }
        let key = |&(row, column): &(u32, u32)| {
            let g = ranks.0[self.rows[row as usize] as usize];
            let p = ranks.1[self.columns[column as usize] as usize];
            ((g.min(p), g.max(p)), row, column)
        };
        open.sort_unstable_by_key(key);
        let mut fixed = Fixed {
            rows: vec![false; self.n_rows],
            columns: vec![false; self.held_by.len()],
        };
        let mut parts: Option<Vec<usize>> = None;
        for (row, column) in open {
            let (row, column) = (row as usize, column as usize);
            if fixed.rows[row] || fixed.columns[column] {
                continue;
            }
            if self.at[row] != column {
                let graph = Graph { problem: self, tight: &tight, fixed: &fixed };
                let parts = parts.get_or_insert_with(|| graph.strong_parts());
                if parts[graph.row(row)] != parts[graph.column(column)] {
                    continue;
                }
                let Some(path) = graph.path(graph.column(column), graph.row(row)) else {
                    continue;
                };
                self.turn(row, column, &path);
            }
            (fixed.rows[row], fixed.columns[column]) = (true, true);
            parts = None;
        }
    }

    /// By row: the columns at which it may stand in a best choice.
    fn tight(&self) -> Vec<Vec<u32>> {
        (0..self.n_rows)
            .map(|row| {
                let zero = |(column, gain): &&(u32, Gain)| {
                    self.reduced(row, *column as usize, gain.cost()) == Worth::default()
                };
                self.out[row].iter().filter(zero).map(|(column, _)| *column).collect()
            })
            .collect()
    }

    /// Puts `row` at `column` and moves the others along `path`, which leads from the
    /// column back to the row.
    fn turn(&mut self, row: usize, column: usize, path: &[usize]) {
        let (n_rows, hub) = (self.n_rows, self.n_rows + self.held_by.len());
        let mut moves = vec![(row, column)];
        for step in path.windows(2) {
            if step[0] < n_rows && step[1] != hub {
                moves.push((step[0], step[1] - n_rows));
            }
        }
        for &(row, _) in &moves {
            self.held_by[self.at[row]] = NONE;
        }
        for (row, column) in moves {
            (self.at[row], self.held_by[column]) = (column, row);
        }
    }

    fn chosen(&self) -> Vec<(u32, u32)> {
        (0..self.n_rows)
            .filter(|&row| self.at[row] < self.columns.len())
            .map(|row| (self.rows[row], self.columns[self.at[row]]))
            .collect()
    }
}

fn place_of(ids: &[u32], id: u32) -> usize {
    ids.binary_search(&id).expect("every id was listed before")
}

struct Fixed {
    rows: Vec<bool>,
    columns: Vec<bool>,
}

/// Rows, columns and a hub: a row leads to the other columns at which it may stand, a
/// column to its row, a free column to the hub, and the hub to columns that may be free.
/// A link of a best choice that is not taken yet lies on a cycle.
struct Graph<'p> {
    problem: &'p Problem,
    tight: &'p [Vec<u32>],
    fixed: &'p Fixed,
}

impl Graph<'_> {
    fn row(&self, row: usize) -> usize {
        row
    }

    fn column(&self, column: usize) -> usize {
        self.problem.n_rows + column
    }

    fn hub(&self) -> usize {
        self.problem.n_rows + self.problem.held_by.len()
    }

    fn next(&self, node: usize) -> Vec<usize> {
        let problem = self.problem;
        if node == self.hub() {
            let may_be_free = |column: &usize| {
                problem.held_by[*column] != NONE
                    && !self.fixed.columns[*column]
                    && problem.column_price[*column] == Worth::default()
            };
            let columns = (0..problem.held_by.len()).filter(may_be_free);
            return columns.map(|column| self.column(column)).collect();
        }
        if node < problem.n_rows {
            if self.fixed.rows[node] {
                return Vec::new();
            }
            let others = |column: &usize| {
                problem.at[node] != *column && !self.fixed.columns[*column]
            };
            let columns = self.tight[node].iter().map(|column| *column as usize);
            return columns.filter(others).map(|at| self.column(at)).collect();
        }
        let column = node - problem.n_rows;
        match problem.held_by[column] {
            _ if self.fixed.columns[column] => Vec::new(),
            NONE => vec![self.hub()],
            row => vec![row],
        }
    }

    /// A shortest path, both ends included.
    fn path(&self, from: usize, to: usize) -> Option<Vec<usize>> {
        let mut before = vec![NONE; self.hub() + 1];
        before[from] = from;
        let mut queue = VecDeque::from([from]);
        while let Some(node) = queue.pop_front() {
            if node == to {
                let mut path = vec![to];
                let mut at = to;
                while at != from {
                    at = before[at];
                    path.push(at);
                }
                path.reverse();
                return Some(path);
            }
            for next in self.next(node) {
                if before[next] == NONE {
                    before[next] = node;
                    queue.push_back(next);
                }
            }
        }
        None
    }

    /// The strongly connected part of each node (Tarjan, 1972), without recursion.
    fn strong_parts(&self) -> Vec<usize> {
        let n = self.hub() + 1;
        let (mut index, mut low) = (vec![NONE; n], vec![0; n]);
        let mut part = vec![NONE; n];
        let (mut stack, mut counter, mut n_parts) = (Vec::new(), 0, 0);
        for root in 0..n {
            if index[root] != NONE {
                continue;
            }
            let mut calls: Vec<(usize, Vec<usize>, usize)> = Vec::new();
            let mut enter = Some(root);
            loop {
                if let Some(node) = enter.take() {
                    (index[node], low[node]) = (counter, counter);
                    counter += 1;
                    stack.push(node);
                    calls.push((node, self.next(node), 0));
                }
                let Some((node, next, at)) = calls.last_mut() else { break };
                if let Some(&child) = next.get(*at) {
                    *at += 1;
                    if index[child] == NONE {
                        enter = Some(child);
                    } else if part[child] == NONE {
                        low[*node] = low[*node].min(index[child]);
                    }
                    continue;
                }
                let node = *node;
                calls.pop();
                if low[node] == index[node] {
                    while let Some(member) = stack.pop() {
                        part[member] = n_parts;
                        if member == node {
                            break;
                        }
                    }
                    n_parts += 1;
                }
                if let Some((parent, _, _)) = calls.last() {
                    low[*parent] = low[*parent].min(low[node]);
                }
            }
        }
        part
    }
}
