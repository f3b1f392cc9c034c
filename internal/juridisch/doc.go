// Package juridisch holds legal data as dated files: the grounds of AVG art. 6, the exceptions for special and criminal
// data (AVG art. 9 and 10, UAVG art. 22-33), the restrictions of UAVG art. 41, and rows of a selectielijst.
//
// Law changes, and what it says is for lawyers: so it stands in files, never in code. A file is <soort>-<day>.yaml and
// holds all rows of its kind from that day on, until the next file of that kind. The ones in bestanden/ come with the
// program; an organisation puts its own in a directory, where a file of the same name replaces ours and any other is
// added. A file that no lawyer looked at says so by lacking `nagekeken`.
//
// Laad reads all of them with limits, tells everything that is wrong at once, in Dutch and by file, and then nothing
// changes: Gegevens may be used by all goroutines.
package juridisch
