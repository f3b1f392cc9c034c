package sdk

// pasToe makes a record one of this activity: its id, its confidentiality and term when the record has none of its own,
// and what its profile leaves out. False means that there is nothing to log, which only the register of activities
// may say, and not of what is confidential.
//
// Names stay when the record is confidential or its term is not known yet: somebody will have to find it back.
func (a Activiteit) pasToe(actie *Verwerkingsactie) bool {
	actie.VerwerkingsactiviteitID, actie.VerwerkingsactiviteitURL = of(a.ID), of(a.URL)
	if a.Vertrouwelijk && (actie.Vertrouwelijkheid == "" || actie.Vertrouwelijkheid == Normaal) {
		actie.Vertrouwelijkheid = Vertrouwelijk
	}
	if actie.Bewaartermijn == nil {
		actie.Bewaartermijn = of(a.BewaartermijnLog)
	}
	gewoon := actie.Vertrouwelijkheid == "" || actie.Vertrouwelijkheid == Normaal
	switch a.Omvang {
	case OmvangUit:
		return !a.vanVAR || !gewoon
	case OmvangMinimaal:
		if gewoon && actie.Bewaartermijn != nil {
			actie.ActieNaam, actie.HandelingNaam, actie.VerwerkingNaam = "", "", ""
		}
	case OmvangVolledig:
	default: // not chosen, and then all of it is logged
		return true
	}
	if !a.Gebruiker {
		actie.Gebruiker = ""
	}
	if !a.Soorten {
		for k := range actie.VerwerkteObjecten {
			actie.VerwerkteObjecten[k].VerwerkteSoortenGegevens = []SoortGegeven{}
		}
	}
	return true
}
