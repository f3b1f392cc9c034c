package sqlite

import "database/sql"

// planner asks SQLite how it would run a query.
type planner struct{ db *sql.DB }

func (p planner) explain(q string) (l []string, err error) {
	var n int
	for _, c := range q {
		if c == '?' {
			n++
		}
	}
	rows, err := p.db.Query("EXPLAIN QUERY PLAN "+q, make([]any, n)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, x int
		var detail string
		if err := rows.Scan(&id, &parent, &x, &detail); err != nil {
			return nil, err
		}
		l = append(l, detail)
	}
	return l, rows.Err()
}
