// Package kast keeps documents of an organisation that are few, change rarely, and are asked for often: people and
// groups, processing activities. All of them are in memory on every node, and sealed in the store.
//
// What it promises:
//   - What holds is one value, S, that never changes: a reader takes it without waiting and sees one moment.
//   - Every change is decided on all that holds (a generation counts them), so a rule over several documents can't be
//     broken by two at once, nor by two nodes. When another was first it is decided anew.
//   - A change and its events in the beheerlog are one transaction. It holds here when the call returns, and on other
//     nodes within a poll of Follow.
//   - A document is sealed for its organisation, kind, id and version: it opens nowhere else. One that does not open
//     is left out and told, and everything else goes on.
//
// Callers must know that a document is never changed once it was given to Zet; a change is a copy of the next version.
// What is too large to keep in memory is a bijlage of a document.
package kast
