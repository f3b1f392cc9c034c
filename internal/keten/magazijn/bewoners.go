package magazijn

// Bewoners are the people of the store. Nobody has a number that begins with 9999. Two share a name and a date of birth, so
// that a search finds more than one.
var Bewoners = []Persoon{
	{"999930011", "Sanne", "Waterman", "1984-03-17", Adres{"Dijkweg", "12", "1234 AB", "Voorbeeldstad"}},
	{"999934119", "Sanne Maria", "Waterman", "1984-03-17", Adres{"Sluisstraat", "3", "1234 CD", "Voorbeeldstad"}},
	{"999938228", "Youssef", "Bakker", "1991-11-02", Adres{"Molenpad", "48", "1235 EF", "Voorbeeldstad"}},
	{"999942335", "Ingrid", "de Boer", "1957-06-30", Adres{"Kerkplein", "1", "1236 GH", "Voorbeelddorp"}},
	{"999946444", "Chen", "Li", "2001-01-24", Adres{"Havenkade", "207", "1234 JK", "Voorbeeldstad"}},
	{"999950563", "Ruud", "van Vliet", "1973-09-08", Adres{"Gemaalsingel", "66", "1237 LM", "Voorbeelddorp"}},
}

// papieren are the letters that the municipality has of everybody.
var papieren = []Document{
	{"Bevestiging van verhuizing", "2024-05-13"},
	{"Besluit kwijtschelding afvalstoffenheffing", "2025-02-27"},
}
