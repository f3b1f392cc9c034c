package verwerkingenlog

import "context"

// Zeef keeps lines that an index can't tell apart, for a portal in this process. It judges the content as it was logged, of lines that the
// caller may see anyway, and says no more than whether to keep them: what it looks at (systeem) is shown no more than before.
type Zeef struct {
	Houdt func(*Verwerkingsactie) bool
	Grens int // lines that are read for one page, at most; at least one page is
}

func (z *Zeef) houdt(a *Verwerkingsactie) bool { return z == nil || z.Houdt(a) }

// gezeefd gives a page of what is kept, from a line on: content is read page by page until one is full or Grens was reached, and the whole costs
// one search. So it holds less than two pages, and may hold nothing while Next is set: there is more to look through. There is no Previous and no
// month, and Count is that of this page.
func (l *Log) gezeefd(ctx context.Context, o *opvraging, c cursor, lines []line, from int) (*Pagina, error) {
	p := &Pagina{Peilmoment: o.begin.UnixMicro()}
	grens := min(from+max(o.a.Zeef.Grens, c.Omvang), len(lines))
	at := from
	for at < grens && len(p.Regels) < c.Omvang {
		tot := min(at+c.Omvang, grens)
		regels, err := l.regels(ctx, o, &c, lines[at:tot])
		if err != nil {
			return nil, err
		}
		p.Regels, at = append(p.Regels, regels...), tot
	}
	p.Count = len(p.Regels)
	c.Verloopt = l.expires()
	var err error
	if from < len(lines) && o.a.Kijker != "" {
		if p.Hier, err = l.cursorAt(o, c, lines, from); err != nil {
			return nil, err
		}
	}
	if at < len(lines) {
		if p.Next, err = l.cursorAt(o, c, lines, at); err != nil {
			return nil, err
		}
	}
	return p, nil
}
