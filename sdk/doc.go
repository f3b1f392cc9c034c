// Package sdk lets an application account for what it does with personal data: every step is logged in the register
// of its organisation before the data move, and who is asked is told on whose behalf and why.
//
// A consumer puts a Verwerking into the context and makes its calls through a Transport. A provider wraps its handlers
// in an Aanbieder. Both follow the two patterns of the standard (B7952) and know no third: log, then act, for persons
// who are known beforehand; and act, log, then show, for a search. Without a doelbinding a call is refused; when the
// register does not take the record, the call is not made or its answer not shown.
package sdk
