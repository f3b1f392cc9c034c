package beheerpaginas

import (
	"slices"

	"github.com/verantwoord/verantwoord/internal/activiteit"
	"github.com/verantwoord/verantwoord/internal/web/beheer"
)

// What is said of an activity, between the room and the pages.

func naarVersie(v *activiteit.Versie) beheer.ActiviteitVersie {
	return beheer.ActiviteitVersie{
		Nummer: v.Nummer, ID: v.ID, Ingangsdatum: string(v.Ingangsdatum), Einddatum: string(v.Einddatum), VastgesteldOp: v.VastgesteldOp, Door: v.Door.Naam,
		Reden: v.Reden, ActiviteitInhoud: naarInhoud(&v.Inhoud),
	}
}

func naarInhoud(i *activiteit.Inhoud) beheer.ActiviteitInhoud {
	uit := beheer.ActiviteitInhoud{
		Naam: i.Naam, Nummer: i.Nummer, GebaseerdOp: i.GebaseerdOp, Categorie: i.Categorie, VerantwoordelijkeOrganisatie: i.VerantwoordelijkeOrganisatie,
		VerantwoordelijkeBestuursorgaan: i.VerantwoordelijkeBestuursorgaan, GezamenlijkMet: slices.Clone(i.GezamenlijkMet),
		GedelegeerdVerantwoordelijke: i.GedelegeerdVerantwoordelijke, Proceseigenaar: i.Proceseigenaar, Doel: i.Doel, Grondslagen: slices.Clone(i.Grondslagen),
		ToelichtingGrondslag: i.ToelichtingGrondslag, Uitzonderingen: slices.Clone(i.Uitzonderingen), Betrokkenen: slices.Clone(i.Betrokkenen),
		Bewaartermijn: i.Bewaartermijn, Herkomst: i.Herkomst, Ontvangers: slices.Clone(i.Ontvangers), InternationaleDerden: slices.Clone(i.InternationaleDerden),
		Doorgifte: i.Doorgifte, Beveiliging: i.Beveiliging, Selecties: i.Selecties, Toestemming: i.Toestemming,
		LogOmvang: i.Log.Omvang, LogGebruiker: i.Log.Gebruiker, LogSoorten: i.Log.Soorten, BewaartermijnLog: i.BewaartermijnLog,
		Vertrouwelijk: i.Vertrouwelijkheid == activiteit.Vertrouwelijk, GrondVertrouwelijk: i.GrondVertrouwelijk, DuurVertrouwelijkheid: i.DuurVertrouwelijkheid,
	}
	for _, p := range i.Persoonsgegevens {
		uit.Persoonsgegevens = append(uit.Persoonsgegevens, beheer.SoortGegeven{Rol: p.Rol, Naam: p.Naam, Soort: p.Soort})
	}
	for _, v := range i.Verwerkers {
		uit.Verwerkers = append(uit.Verwerkers, beheer.Verwerker{Naam: v.Naam, Contact: v.Contact, Overeenkomst: v.Overeenkomst})
	}
	for _, o := range i.Overig {
		uit.Overig = append(uit.Overig, beheer.ActiviteitVeld{Naam: o.Naam, Waarde: o.Waarde})
	}
	return uit
}

func vanInhoud(i *beheer.ActiviteitInhoud) activiteit.Inhoud {
	uit := activiteit.Inhoud{
		Naam: i.Naam, Nummer: i.Nummer, GebaseerdOp: i.GebaseerdOp, Categorie: i.Categorie, VerantwoordelijkeOrganisatie: i.VerantwoordelijkeOrganisatie,
		VerantwoordelijkeBestuursorgaan: i.VerantwoordelijkeBestuursorgaan, GezamenlijkMet: i.GezamenlijkMet,
		GedelegeerdVerantwoordelijke: i.GedelegeerdVerantwoordelijke, Proceseigenaar: i.Proceseigenaar, Doel: i.Doel, Grondslagen: i.Grondslagen,
		ToelichtingGrondslag: i.ToelichtingGrondslag, Uitzonderingen: i.Uitzonderingen, Betrokkenen: i.Betrokkenen,
		Bewaartermijn: i.Bewaartermijn, Herkomst: i.Herkomst, Ontvangers: i.Ontvangers, InternationaleDerden: i.InternationaleDerden,
		Doorgifte: i.Doorgifte, Beveiliging: i.Beveiliging, Selecties: i.Selecties, Toestemming: i.Toestemming,
		Log: activiteit.Logprofiel{Omvang: i.LogOmvang, Gebruiker: i.LogGebruiker, Soorten: i.LogSoorten}, BewaartermijnLog: i.BewaartermijnLog,
		GrondVertrouwelijk: i.GrondVertrouwelijk, DuurVertrouwelijkheid: i.DuurVertrouwelijkheid,
	}
	if i.Vertrouwelijk {
		uit.Vertrouwelijkheid = activiteit.Vertrouwelijk
	}
	for _, p := range i.Persoonsgegevens {
		uit.Persoonsgegevens = append(uit.Persoonsgegevens, activiteit.Persoonsgegeven{Rol: p.Rol, Naam: p.Naam, Soort: p.Soort})
	}
	for _, v := range i.Verwerkers {
		uit.Verwerkers = append(uit.Verwerkers, activiteit.Verwerker{Naam: v.Naam, Contact: v.Contact, Overeenkomst: v.Overeenkomst})
	}
	for _, o := range i.Overig {
		uit.Overig = append(uit.Overig, activiteit.Veld{Naam: o.Naam, Waarde: o.Waarde})
	}
	return uit
}
