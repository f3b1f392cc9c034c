// Package gebruiker knows who works with the register and what each of them may.
//
// A person (Gebruiker) is in exactly one Functiegroep, which says what work someone does and gives no right at all, and
// in any number of Autorisatiegroepen, which give rights and say nothing of work. A Recht is a module, a handeling, a
// veldklasse and a bereik. What nobody granted is refused: a new group can do nothing, there is no right that stands for
// all others, rights of groups add up, and a verbod wins from whatever grants (docs/besluiten/0018).
//
// What it promises:
//   - Rechten decides for pages and API alike; Toon filters a typed view by field, in one place.
//   - Before a group gets more, Voorzie tells in plain Dutch what that will mean, for how many people, with warnings.
//     A serious one needs a reason, and a second administrator who gains nothing by it.
//   - Nobody changes their own rights, and the last who can give rights stays.
//   - Every change and its event in the beheerlog are one transaction, and a change is in force in a Register when the
//     call returns, and within a poll of Follow on any other node.
//
// Callers must know that a Dader is only a name: Beheer looks up what that person may in the very state that it changes,
// so someone whose rights were just taken away changes nothing any more. A document has a version; a change to an older
// one is fout.Gelijktijdig. Errors name nobody.
package gebruiker
