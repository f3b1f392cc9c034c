// Package autorisatie decides who calls, for which organisation, and what that caller may do.
//
// Applications are registered as in the ZGW Autorisaties API (R-105, A9726): client ids, a shared
// secret, a label, the organisations they work for, their own OINs, and scopes per component. Load
// reads them from the applications file and reports everything that is wrong with it at once. A
// Register looks them up and turns a bearer token into a Besluit.
//
// What it promises:
//   - The registered grants decide; a token can only narrow them (X25).
//   - A scope counts for one component only: read:confidential on the Inzage API says
//     nothing about the Bewerking API. A confidential scope includes the normal one of the same
//     verb. heeftAlleAutorisaties grants nothing.
//   - Every registered client has create:normal on the Bewerking API.
//   - The organisation comes from the registration, or from the signed token when there are several
//     never from a body or path.
//   - An unknown client and a wrong signature can't be told apart, in text nor in work done.
//
// Applications of the store are managed through Beheer, the built-in Autorisatiecomponent; a change
// is in force at once. With NewExternRegister the grants come from a component elsewhere (X50):
// then Grant must be called before anything but logging what is not confidential, and refuses when
// that component does not answer.
//
// Callers must know that a refusal is a *fout.Fout (401 or 403) whose cause is one word from a
// closed set, see Reden. Secrets and the user of a Besluit mask themselves wherever they are
// printed; the user's fields themselves may go into a record and nowhere else.
package autorisatie
