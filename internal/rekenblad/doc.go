// Package rekenblad reads and writes tables as people exchange them: CSV and XLSX.
//
// What comes in is from outside and may be made to hurt. A file is judged by its bytes, never by its name; it is read as a
// stream within Limieten, in the memory of the caller, without a goroutine, a temporary file, or anything that is fetched or
// evaluated. What a sheet says of its own size is a claim that is checked and never a reason to allocate. Macros, passwords
// and older formats are refused with a sentence that says the way out.
//
// What goes out can't be taken for a formula: a spreadsheet that opens an export of the register shows text, whatever
// somebody once typed into a field. Reading such an export gives the values back unchanged.
//
// All cells are text. A date is written as ISO 8601, a formula is its last known outcome, a merged cell stands in each cell
// it covers. Row n of the sheet is Rijen[n-1], so that an error can name the row a person sees.
package rekenblad
