// Package activiteit is the register of processing activities (verwerkingsactiviteitenregister, VAR; AVG art. 30): what an
// organisation does with personal data, for which purpose and on which ground. Every record of the verwerkingenlog points at
// one of these activities.
//
// An activity has an id that never changes and versions that never change: a change is a Concept until it is made definite,
// and then a Versie with a number, an id of its own and a first day. Which version holds at a moment is GeldigOp's answer. The
// log never waits for this room and never asks it (B8278).
//
// Beside the activities stand what couples them to the landscape (Koppeling: a function of an application; Levering: who may
// have which data for which purpose), the ground of the log itself (Loggrond), and who is responsible (Verantwoordelijke).
//
// Nothing in this room names a citizen.
package activiteit
