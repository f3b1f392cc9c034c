package beheer

// LeesTermijn is for tests.
var LeesTermijn = leesTermijn
