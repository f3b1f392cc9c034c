package verwerkingenlog

import (
	"math"
	"time"
)

// Maand tells how many lines of a list lie in a calendar month in Europe/Amsterdam.
type Maand struct {
	Begin  time.Time // first moment of it
	Aantal int
	Cursor string // of the page that begins with it
}

// maanden counts lines that are in order, from the index alone: no content is read.
func (l *Log) maanden(o *opvraging, c cursor, lines []line) (uit []Maand, err error) {
	begin := int64(math.MaxInt64) // of the month of the line before
	for k := range lines {
		if lines[k].Tijdstip >= begin {
			uit[len(uit)-1].Aantal++
			continue
		}
		t := time.UnixMicro(lines[k].Tijdstip).In(amsterdam)
		m := Maand{Begin: time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, amsterdam), Aantal: 1}
		begin = m.Begin.UnixMicro()
		if m.Cursor, err = l.cursorAt(o, c, lines, k); err != nil {
			return nil, err
		}
		uit = append(uit, m)
	}
	return uit, nil
}

// cursorAt is the cursor of the page that begins with line k.
func (l *Log) cursorAt(o *opvraging, c cursor, lines []line, k int) (string, error) {
	c.Plaats, c.Terug = plaats{Tijdstip: math.MaxInt64, Blad: math.MaxUint64}, false // before everything
	if k > 0 {
		c.Plaats = lines[k-1].plaats
	}
	return l.sealCursor(o.a, o.s, c)
}
