//! Tables for people: columns as wide as their widest cell, figures to the right.
//!
//! Cells are measured without colours: paint a whole row, not a cell.

/// Rows of cells, the first of them the header.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
    /// How many columns from the left hold words; the others hold figures.
    words: usize,
}

impl Table {
    /// A table whose first `words` columns hold words.
    pub(crate) fn new(words: usize, header: &[&str]) -> Self {
        let header = header.iter().map(|&cell| cell.to_owned());
        Self {
            rows: vec![header.collect()],
            words,
        }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Its lines, each indented by two spaces, without their ends.
    pub(crate) fn lines(&self) -> Vec<String> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).enumerate();
            let cells = cells.map(|(nth, (cell, &width))| {
                if nth < self.words {
                    format!("{cell:<width$}")
                } else {
                    format!("{cell:>width$}")
                }
            });
            let line = cells.collect::<Vec<_>>().join("  ");
            format!("  {}", line.trim_end())
        };
        self.rows.iter().map(line).collect()
    }
}
