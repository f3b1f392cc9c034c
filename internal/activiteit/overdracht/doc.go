// Package overdracht turns a sheet into activities and activities into a sheet, so that a municipality can bring the register
// it has, and take it away again.
//
// The way in has three steps, and a person sees each: Voorstel finds the row with the names of the columns and says which
// field each column is; Lees reads all rows with that Koppeling and says what would happen to each and what is wrong, with the
// row and column of the sheet; and only what a Voorbeeld without errors gives goes to the register. Nothing is lost on the
// way: a column without a field goes to Overig, a ground that is not recognised to the explanation, and each is told.
//
// The way out is Schrijf, for CSV and XLSX, and SchrijfJSON. What Schrijf gives, Lees reads as the same: one row an activity,
// its texts as they are, lists with "• " before each entry. A sheet from elsewhere is read more freely: dates as people write
// them, lists cut at lines and semicolons, "5 jaar" for a duration, names of columns with a spelling error.
package overdracht
