// Package verwerkingenlog is the heart: the register of processings (Verwerkingenloggingregister).
//
// A Verwerkingsactie is one operation on personal data. It is logged once and never overwritten:
// changing and deleting append a new Versie under the same actieId (B3891, R-500..R-505). Log holds
// the use cases of both APIs of the VNG standard; Store is the narrow port to an engine; Committer
// puts whatever waits into one durable transaction.
//
// What a caller must know:
//   - A nil error from a writing use case means durable: the record survives kill -9.
//   - Every inquiry is itself logged before it is answered; no log, no answer.
//   - The organisation comes from the credential (Aanroeper.Organisatie), never from the request.
//   - Who may see or change what: zichtbaarheid.go, and nowhere else.
//   - Stored content is sealed (inhoud.go); only ids, handles, class and times stand beside it.
package verwerkingenlog
